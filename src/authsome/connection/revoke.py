"""Stop a connection for good."""

from __future__ import annotations

from authsome.connection.end import own_connection, revoke_connection
from authsome.connection.errors import ConnectionMissing
from authsome.connection.model import Connection
from authsome.connection.ports import ConnectionWork
from authsome.vault.seal import Keeper


def revoke(work: ConnectionWork, keeper: Keeper, *, connection_id: str) -> Connection:
    """End one's own connection, or, as an admin, anybody's. Raises `ConnectionMissing` or `ConnectionEnded`.

    It holds here at once; where the provider has an address for that, it is asked in the background.
    Not a confirmed act: it only takes away, and whoever saw a key leak must not look for a password first.
    """
    work.caller.require_principal()
    if not work.caller.is_admin:
        return revoke_connection(work, keeper, own_connection(work, connection_id))
    connection = work.connections.find(connection_id)
    if connection is None:
        raise ConnectionMissing
    return revoke_connection(work, keeper, connection)
