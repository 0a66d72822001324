"""Find a principal's connection by what they wrote, and open its secret for a request."""

from __future__ import annotations

from authsome.connection.errors import ConnectionEnded, ConnectionMissing, ConnectionUnclear
from authsome.connection.model import Connection
from authsome.connection.ports import ConnectionWork
from authsome.kit.secret import Secret
from authsome.vault.errors import SealBroken
from authsome.vault.seal import Keeper

LONGEST_REFERENCE = 100


def resolve(view: ConnectionWork, *, principal_id: str, reference: str) -> Connection:
    """The live connection that `con_…`, `provider` or `provider/name` means to this principal.

    A provider alone means its only connection, or its default. Raises `ConnectionMissing` or
    `ConnectionUnclear`.
    """
    provider, slash, name = reference[:LONGEST_REFERENCE].partition("/")
    live = view.connections.list_live(principal_id)
    of_provider = [connection for connection in live if connection.provider == provider]
    if slash:
        found = [connection for connection in of_provider if connection.name == name]
    elif len(of_provider) > 1:
        found = [connection for connection in of_provider if connection.is_default] or of_provider
    else:
        found = of_provider or [connection for connection in live if connection.id == reference]
    if not found:
        raise ConnectionMissing
    if len(found) > 1:
        raise ConnectionUnclear
    return found[0]


def open_secret(view: ConnectionWork, keeper: Keeper, *, connection: Connection) -> Secret:
    """The SECRET itself, for the request that is about to carry it and for nobody to look at.

    Whether that request may have it is decided before, by `grant.decide`. Raises `ConnectionEnded` or
    `SealBroken`.
    """
    if not connection.is_live or connection.sealed is None:
        raise ConnectionEnded
    vault = view.vaults.find(connection.vault_id)
    if vault is None or vault.principal_id != connection.principal_id:
        raise SealBroken
    return keeper.open(vault, connection.place, connection.sealed)
