"""End a connection: log it out, or revoke it. Either way the sealed secret is deleted in the same commit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from authsome.connection.errors import ConnectionEnded, ConnectionMissing
from authsome.connection.events import ConnectionLoggedOut, ConnectionRevoked
from authsome.connection.model import Connection, ConnectionState
from authsome.connection.ports import ConnectionWork
from authsome.provider.catalogue import reported


def log_out(work: ConnectionWork, *, connection_id: str) -> Connection:
    """Put one's own connection away. Raises `ConnectionMissing` or `ConnectionEnded`."""
    connection = _own(work, connection_id)
    return _end(work, connection, ConnectionState.LOGGED_OUT)


def revoke(work: ConnectionWork, *, connection_id: str) -> Connection:
    """Stop one's own connection for good, or, as an admin, anybody's. Raises as `log_out` does.

    Not a confirmed act: it only takes away, and whoever saw a key leak must not look for a password first.
    """
    work.caller.require_principal()
    connection = work.connections.find(connection_id) if work.caller.is_admin else _own(work, connection_id)
    if connection is None:
        raise ConnectionMissing
    return _end(work, connection, ConnectionState.REVOKED)


def _own(work: ConnectionWork, connection_id: str) -> Connection:
    principal_id = work.caller.require_principal()
    connection = work.connections.find(connection_id)
    if connection is None or connection.principal_id != principal_id:
        raise ConnectionMissing
    return connection


def _end(work: ConnectionWork, connection: Connection, state: ConnectionState) -> Connection:
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
    ended = replace(connection, state=state, sealed=None, is_default=False, ended_at=at)
    work.connections.update(ended)
    return ended
