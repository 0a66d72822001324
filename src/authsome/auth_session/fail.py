"""Say that an auth session cannot succeed any more."""

from __future__ import annotations

from authsome.auth_session.end import about, close, ours_and_open
from authsome.auth_session.events import AuthSessionFailed
from authsome.auth_session.model import AuthSession, AuthSessionState, FailureReason
from authsome.auth_session.ports import AuthSessionWork


def fail(work: AuthSessionWork, *, session_id: str, reason: FailureReason) -> AuthSession:
    """End a session without a connection. Raises `AuthSessionMissing` or `AuthSessionGone`."""
    session = ours_and_open(work, session_id)
    at = work.record(AuthSessionFailed(**about(work, session), reason=reason))
    return close(work, session, state=AuthSessionState.FAILED, at=at, reason=reason)
