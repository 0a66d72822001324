"""Auth sessions: started, and the ways in which they end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from authsome.analytics.rows.trace import Past, Restored, Trace
from authsome.auth_session.events import (
    AuthSessionCancelled,
    AuthSessionCompleted,
    AuthSessionExpired,
    AuthSessionFailed,
    AuthSessionStarted,
)
from authsome.auth_session.model import AuthSessionState, FailureReason
from authsome.connection.model import Flow
from authsome.kit.caller import Caller
from authsome.kit.event import Event
from authsome.provider.catalogue import spoken_of
from authsome.store.tables.registry import auth_session


def _about(past: Past, row: Row[Any], at: datetime) -> dict[str, Any]:
    agent = past.agent(row.identity_id, at) or {"identity_handle": None, "did": None}
    return {
        "auth_session_id": row.id,
        "principal_id": row.principal_id,
        "flow": Flow(row.flow),
        **agent,
        **spoken_of(row.provider),
    }


def _asker(past: Past, row: Row[Any], at: datetime) -> Caller:
    agent = past.agent(row.identity_id, at)
    return past.by_agent(agent) if agent else past.by_principal(row.principal_id)


def _started(past: Past, row: Row[Any]) -> Restored:
    at = row.created_at
    return Restored(event=AuthSessionStarted(**_about(past, row, at)), at=at, by=_asker(past, row, at))


def _completed(past: Past, row: Row[Any]) -> Restored | None:
    if row.connection_id is None:
        return None
    event = AuthSessionCompleted(**_about(past, row, row.ended_at), connection_id=row.connection_id)
    return Restored(event=event, at=row.ended_at, by=past.by_principal(row.principal_id))


def _failed(past: Past, row: Row[Any]) -> Restored | None:
    if row.reason is None:
        return None
    event = AuthSessionFailed(**_about(past, row, row.ended_at), reason=FailureReason(row.reason))
    return Restored(event=event, at=row.ended_at, by=past.by_principal(row.principal_id))


def _expired(past: Past, row: Row[Any]) -> Restored:
    event = AuthSessionExpired(**_about(past, row, row.ended_at))
    return Restored(event=event, at=row.ended_at, by=past.server)


def _cancelled(past: Past, row: Row[Any]) -> Restored:
    """By whoever asked for it, or by who let the asking identity go."""
    at = row.ended_at
    is_let_go = row.identity_id is not None and past.is_let_go(row.identity_id, at)
    by = past.by_principal(row.principal_id) if is_let_go else _asker(past, row, at)
    return Restored(event=AuthSessionCancelled(**_about(past, row, at)), at=at, by=by)


def _ended(event: type[Event], state: AuthSessionState, restore: Any) -> Trace:
    where = auth_session.c.state == state.value
    return Trace(event=event, table=auth_session, at="ended_at", where=where, restore=restore)


TRACES = (
    Trace(event=AuthSessionStarted, table=auth_session, at="created_at", restore=_started),
    _ended(AuthSessionCompleted, AuthSessionState.COMPLETED, _completed),
    _ended(AuthSessionFailed, AuthSessionState.FAILED, _failed),
    _ended(AuthSessionExpired, AuthSessionState.EXPIRED, _expired),
    _ended(AuthSessionCancelled, AuthSessionState.CANCELLED, _cancelled),
)
