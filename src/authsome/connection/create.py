"""Make a connection."""

from __future__ import annotations

from authsome.connection.errors import ConnectionTaken, TooManyConnections
from authsome.connection.events import ConnectionCreated
from authsome.connection.model import Connection, ConnectionState, Flow, check_key, check_name
from authsome.connection.ports import ConnectionWork
from authsome.kit.secret import Secret
from authsome.provider.catalogue import reported
from authsome.provider.find import get_provider
from authsome.vault.ensure import ensure_vault
from authsome.vault.model import Place
from authsome.vault.seal import Keeper

MOST_LIVE = 200


def create_connection(
    work: ConnectionWork, keeper: Keeper, *, provider: str, name: str, key: Secret
) -> Connection:
    """Seal a principal's API key. The first live connection to a provider is its default.

    Only the principal themselves can give a key, whoever asked for it. Raises `KeyInvalid`,
    `ConnectionNameInvalid`, `ProviderMissing`, `ConnectionTaken`, `TooManyConnections`.
    """
    principal_id = work.caller.require_principal()
    key, name = check_key(key), check_name(name)
    provider = get_provider(work, provider).name
    siblings = check_free(work, principal_id=principal_id, provider=provider, name=name)
    vault = ensure_vault(work, keeper, principal_id=principal_id)
    connection_id, spoken_of = work.new_id("con"), reported(provider)
    is_default = not siblings
    at = work.record(
        ConnectionCreated(
            connection_id=connection_id,
            principal_id=principal_id,
            provider=spoken_of.provider,
            custom_provider=spoken_of.custom_provider,
            flow=Flow.API_KEY,
            is_default=is_default,
            vault_id=vault.id,
            connection_name=name,
        )
    )
    connection = Connection(
        id=connection_id,
        principal_id=principal_id,
        provider=provider,
        name=name,
        flow=Flow.API_KEY,
        state=ConnectionState.CONNECTED,
        is_default=is_default,
        vault_id=vault.id,
        sealed=keeper.seal(vault, Place("connection", connection_id, 1), key),
        created_at=at,
    )
    work.connections.add(connection)
    return connection


def check_free(view: ConnectionWork, *, principal_id: str, provider: str, name: str) -> list[Connection]:
    """The principal's live connections to a provider, none of which has this name.

    Raises `ConnectionTaken` or `TooManyConnections`.
    """
    live = view.connections.list_live(principal_id)
    siblings = [connection for connection in live if connection.provider == provider]
    if any(connection.name == name for connection in siblings):
        raise ConnectionTaken
    if len(live) >= MOST_LIVE:
        raise TooManyConnections
    return siblings
