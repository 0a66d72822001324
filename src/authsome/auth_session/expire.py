"""End the auth sessions that nobody finished in time."""

from __future__ import annotations

from authsome.auth_session.end import about, close
from authsome.auth_session.events import AuthSessionExpired
from authsome.auth_session.model import AuthSessionState
from authsome.auth_session.ports import AuthSessionWork

BATCH = 100


def expire_overdue(work: AuthSessionWork) -> int:
    """Expire up to a hundred overdue sessions; returns how many. The server's own act, every minute."""
    overdue = work.auth_sessions.list_overdue(work.now, BATCH)
    for session in overdue:
        at = work.record(AuthSessionExpired(**about(work, session)))
        close(work, session, state=AuthSessionState.EXPIRED, at=at)
    return len(overdue)
