"""Call an auth session off."""

from __future__ import annotations

from authsome.auth_session.end import about, close, ours_and_open
from authsome.auth_session.events import AuthSessionCancelled
from authsome.auth_session.model import AuthSession, AuthSessionState
from authsome.auth_session.ports import AuthSessionWork


def cancel(work: AuthSessionWork, *, session_id: str) -> AuthSession:
    """For its principal and the identity that asked. Raises `AuthSessionMissing` or `AuthSessionGone`."""
    session = ours_and_open(work, session_id)
    at = work.record(AuthSessionCancelled(**about(work, session)))
    return close(work, session, state=AuthSessionState.CANCELLED, at=at)
