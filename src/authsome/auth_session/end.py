"""End auth sessions without a connection: they fail, expire, or are called off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from authsome.auth_session.errors import AuthSessionGone, AuthSessionMissing
from authsome.auth_session.events import AuthSessionCancelled, AuthSessionExpired, AuthSessionFailed
from authsome.auth_session.model import AuthSession, AuthSessionState, FailureReason
from authsome.auth_session.ports import AuthSessionWork
from authsome.kit.caller import ActorKind
from authsome.provider.catalogue import reported

BATCH = 100


def fail(work: AuthSessionWork, *, session_id: str, reason: FailureReason) -> AuthSession:
    """Say that a session cannot succeed any more. Its principal, its agent, or the server itself.

    Raises `AuthSessionMissing` or `AuthSessionGone`.
    """
    session = _ours(work, session_id)
    at = work.record(AuthSessionFailed(**about(work, session), reason=reason))
    return close(work, session, AuthSessionState.FAILED, at=at, reason=reason)


def cancel(work: AuthSessionWork, *, session_id: str) -> AuthSession:
    """Call a session off. Raises `AuthSessionMissing` or `AuthSessionGone`."""
    session = _ours(work, session_id)
    at = work.record(AuthSessionCancelled(**about(work, session)))
    return close(work, session, AuthSessionState.CANCELLED, at=at)


def expire_overdue(work: AuthSessionWork) -> int:
    """Expire up to a hundred overdue sessions; returns how many. The server's own act, every minute."""
    overdue = work.auth_sessions.list_overdue(work.now, BATCH)
    for session in overdue:
        at = work.record(AuthSessionExpired(**about(work, session)))
        close(work, session, AuthSessionState.EXPIRED, at=at)
    return len(overdue)


def close(
    work: AuthSessionWork, session: AuthSession, state: AuthSessionState, *, at: datetime, **more: Any
) -> AuthSession:
    """Write the end of a session. The caller has recorded the event that says so."""
    ended = replace(session, state=state, ended_at=at, **more)
    work.auth_sessions.update(ended)
    return ended


def about(work: AuthSessionWork, session: AuthSession) -> dict[str, Any]:
    """The fields that every event of an auth session has."""
    identity = work.identities.find(session.identity_id) if session.identity_id else None
    spoken_of = reported(session.provider)
    return {
        "auth_session_id": session.id,
        "principal_id": session.principal_id,
        "identity_handle": identity.handle if identity else None,
        "did": identity.did if identity else None,
        "provider": spoken_of.provider,
        "custom_provider": spoken_of.custom_provider,
        "flow": session.flow,
    }


def _ours(work: AuthSessionWork, session_id: str) -> AuthSession:
    session = work.auth_sessions.find(session_id)
    is_server = work.caller.kind is ActorKind.SERVER
    if session is None or not (is_server or session.concerns(work.caller)):
        raise AuthSessionMissing
    if not session.is_open(work.now):
        raise AuthSessionGone
    return session
