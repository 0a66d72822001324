"""End the auth sessions that nobody finished in time."""

from __future__ import annotations

from authsome.auth_session.end import about, close, ours_and_open
from authsome.auth_session.events import AuthSessionExpired
from authsome.auth_session.model import AuthSession, AuthSessionState
from authsome.auth_session.ports import AuthSessionWork

BATCH = 100


def expire_overdue(work: AuthSessionWork) -> int:
    """Expire up to a hundred overdue sessions; returns how many. The server's own act, every minute."""
    overdue = work.auth_sessions.list_overdue(work.now, BATCH)
    for session in overdue:
        _expire(work, session)
    return len(overdue)


def expire(work: AuthSessionWork, *, session_id: str) -> AuthSession:
    """End one whose code has run out at the provider. Raises `AuthSessionMissing` or `AuthSessionGone`."""
    return _expire(work, ours_and_open(work, session_id))


def _expire(work: AuthSessionWork, session: AuthSession) -> AuthSession:
    at = work.record(AuthSessionExpired(**about(work, session)))
    return close(work, session, state=AuthSessionState.EXPIRED, at=at)
