"""Take a secret out: its principal is shown what is sealed, to use it elsewhere."""

from __future__ import annotations

from authsome.connection.end import check_live, own_connection
from authsome.connection.events import CredentialsExported
from authsome.connection.find import open_sealed, open_tokens
from authsome.connection.keys import read_sealed
from authsome.connection.model import Flow
from authsome.connection.oauth.record import about
from authsome.connection.ports import ConnectionWork
from authsome.kit.secret import Secret
from authsome.provider.find import get_provider
from authsome.vault.seal import Keeper


def export(work: ConnectionWork, keeper: Keeper, *, connection_id: str) -> dict[str, Secret]:
    """The SECRETS of one's own live connection, by name. A confirmed act, of nobody else and of no agent.

    Not of an admin either: they may stop every connection, and act as nobody. Raises `ConnectionMissing`,
    `ConnectionEnded`, `ProviderMissing`, `KeyOutdated`, `SealBroken` or `TokensUnreadable`.
    """
    work.caller.require_confirmed()
    connection = own_connection(work, connection_id)
    check_live(connection)
    work.record(CredentialsExported(**about(connection)))
    if connection.flow is Flow.API_KEY:
        sealed = open_sealed(work, keeper, connection=connection)
        return read_sealed(get_provider(work, connection.provider), sealed)
    tokens = open_tokens(work, keeper, connection=connection)
    return {"access_token": tokens.access} | ({"refresh_token": tokens.refresh} if tokens.refresh else {})
