"""Put a connection away."""

from __future__ import annotations

from authsome.connection.end import end_connection, own_connection
from authsome.connection.model import Connection, ConnectionState
from authsome.connection.ports import ConnectionWork


def log_out(work: ConnectionWork, *, connection_id: str) -> Connection:
    """End one's own connection and forget its secret here. The provider still takes it elsewhere.

    Raises `ConnectionMissing` or `ConnectionEnded`.
    """
    connection = own_connection(work, connection_id)
    return end_connection(work, connection, state=ConnectionState.LOGGED_OUT)
