"""Put a connection away."""

from __future__ import annotations

from authsome.connection.end import log_connection_out, own_connection
from authsome.connection.model import Connection
from authsome.connection.ports import ConnectionWork


def log_out(work: ConnectionWork, *, connection_id: str) -> Connection:
    """End one's own connection and forget its secret here. The provider still takes it elsewhere.

    Raises `ConnectionMissing` or `ConnectionEnded`.
    """
    return log_connection_out(work, own_connection(work, connection_id))
