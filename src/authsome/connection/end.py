"""What every end of a connection has in common: the sealed secret is deleted in the same commit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from authsome.connection.errors import ConnectionEnded, ConnectionMissing
from authsome.connection.events import ConnectionLoggedOut, ConnectionRevoked
from authsome.connection.model import Connection, ConnectionState
from authsome.connection.oauth.record import named, record_mended
from authsome.connection.ports import ConnectionWork
from authsome.connection.revocation.ask import draft_revocation
from authsome.connection.revocation.model import Revocation
from authsome.vault.seal import Keeper


def own_connection(work: ConnectionWork, connection_id: str) -> Connection:
    """The caller's connection. Raises `ConnectionMissing`, also for somebody else's."""
    principal_id = work.caller.require_principal()
    connection = work.connections.find(connection_id)
    if connection is None or connection.principal_id != principal_id:
        raise ConnectionMissing
    return connection


def revoke_connection(work: ConnectionWork, keeper: Keeper, connection: Connection) -> Connection:
    """Record the end, forget the secret, and have its provider asked to take the tokens back.

    Raises `ConnectionEnded` the second time.
    """
    check_live(connection)
    return _revoked(work, connection, draft_revocation(work, keeper, connection))


def revoke_here(work: ConnectionWork, connection: Connection) -> Connection:
    """Record the end, forget the secret, and ask nobody: its provider's definition goes in the same act.

    Raises `ConnectionEnded` the second time.
    """
    check_live(connection)
    return _revoked(work, connection, None)


def log_connection_out(work: ConnectionWork, connection: Connection) -> Connection:
    """Record the end, forget the secret. Raises `ConnectionEnded` the second time."""
    check_live(connection)
    at = work.record(ConnectionLoggedOut(**named(connection)))
    return _ended(work, connection, state=ConnectionState.LOGGED_OUT, at=at)


def check_live(connection: Connection) -> None:
    """Raises `ConnectionEnded`."""
    if not connection.is_live:
        raise ConnectionEnded


def _revoked(work: ConnectionWork, connection: Connection, asked: Revocation | None) -> Connection:
    at = work.record(ConnectionRevoked(**named(connection), revocation_id=asked.id if asked else None))
    if asked is not None:
        work.revocations.add(replace(asked, created_at=at))
    return _ended(work, connection, state=ConnectionState.REVOKED, at=at)


def _ended(
    work: ConnectionWork, connection: Connection, *, state: ConnectionState, at: datetime
) -> Connection:
    record_mended(work, connection)
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
        check_due=False,
    )
    work.connections.update(ended)
    return ended
