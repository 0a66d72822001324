"""Stop a connection for good."""

from __future__ import annotations

from authsome.connection.end import end_connection, own_connection
from authsome.connection.errors import ConnectionMissing
from authsome.connection.model import Connection, ConnectionState
from authsome.connection.ports import ConnectionWork


def revoke(work: ConnectionWork, *, connection_id: str) -> Connection:
    """End one's own connection, or, as an admin, anybody's. Raises `ConnectionMissing` or `ConnectionEnded`.

    Not a confirmed act: it only takes away, and whoever saw a key leak must not look for a password first.
    """
    work.caller.require_principal()
    if not work.caller.is_admin:
        return end_connection(work, own_connection(work, connection_id), state=ConnectionState.REVOKED)
    connection = work.connections.find(connection_id)
    if connection is None:
        raise ConnectionMissing
    return end_connection(work, connection, state=ConnectionState.REVOKED)
