"""What every end of a connection has in common: the sealed secret is deleted in the same commit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from authsome.connection.errors import ConnectionEnded, ConnectionMissing
from authsome.connection.events import ConnectionLoggedOut, ConnectionRevoked
from authsome.connection.model import Connection, ConnectionState
from authsome.connection.ports import ConnectionWork
from authsome.provider.catalogue import reported


def own_connection(work: ConnectionWork, connection_id: str) -> Connection:
    """The caller's connection. Raises `ConnectionMissing`, also for somebody else's."""
    principal_id = work.caller.require_principal()
    connection = work.connections.find(connection_id)
    if connection is None or connection.principal_id != principal_id:
        raise ConnectionMissing
    return connection


def end_connection(work: ConnectionWork, connection: Connection, *, state: ConnectionState) -> Connection:
    """Record the end, forget the secret. Raises `ConnectionEnded` the second time."""
    if not connection.is_live:
        raise ConnectionEnded
    spoken_of = reported(connection.provider)
    fields: dict[str, Any] = {
        "connection_id": connection.id,
        "principal_id": connection.principal_id,
        "provider": spoken_of.provider,
        "custom_provider": spoken_of.custom_provider,
    }
    is_log_out = state is ConnectionState.LOGGED_OUT
    at = work.record(ConnectionLoggedOut(**fields) if is_log_out else ConnectionRevoked(**fields))
    ended = replace(
        connection,
        state=state,
        sealed=None,
        is_default=False,
        ended_at=at,
        expires_at=None,
        refresh_at=None,
        is_refreshable=False,
        reason=None,
        shared_at=None,
    )
    work.connections.update(ended)
    return ended
