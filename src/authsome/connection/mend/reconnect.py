"""Give a connection another key, in its place: name, id and grants are kept."""

from __future__ import annotations

from authsome.connection.end import own_connection
from authsome.connection.errors import ConnectionEnded
from authsome.connection.events import ConnectionReauthorized
from authsome.connection.flows import choose_flow
from authsome.connection.keys import Given, check_given, sealable
from authsome.connection.model import Connection, Flow
from authsome.connection.oauth.record import about, asked_anew, replace_secret
from authsome.connection.oauth.tokens import NO_END
from authsome.connection.ports import ConnectionWork
from authsome.provider.find import get_provider
from authsome.vault.seal import Keeper


def reconnect_with_key(work: ConnectionWork, keeper: Keeper, *, connection_id: str, key: Given) -> Connection:
    """By it its principal says that the key may go wherever the provider's definition sends it by now.

    The caller has made sure that a replacement was meant. Raises `ConnectionMissing`, also for somebody
    else's, `ConnectionEnded`, `KeyInvalid`, `ProviderMissing` or `FlowUnavailable`.
    """
    connection = own_connection(work, connection_id)
    if not connection.is_live:
        raise ConnectionEnded
    known = get_provider(work, connection.provider)
    choose_flow(known, Flow.API_KEY)
    secret = sealable(known, check_given(known, key))
    work.record(ConnectionReauthorized(**about(connection)))
    return replace_secret(work, keeper, asked_anew(work, connection), secret=secret, life=NO_END)
