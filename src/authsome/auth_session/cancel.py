"""Call an auth session off."""

from __future__ import annotations

from collections.abc import Iterable

from authsome.auth_session.end import about, close, ours_and_open
from authsome.auth_session.events import AuthSessionCancelled
from authsome.auth_session.model import AuthSession, AuthSessionState
from authsome.auth_session.ports import AuthSessionWork
from authsome.identity.model import Identity


def cancel(work: AuthSessionWork, *, session_id: str) -> AuthSession:
    """For its principal and the identity that asked. Raises `AuthSessionMissing` or `AuthSessionGone`."""
    session = ours_and_open(work, session_id)
    at = work.record(AuthSessionCancelled(**about(work, session)))
    return close(work, session, state=AuthSessionState.CANCELLED, at=at)


def cancel_all_of(work: AuthSessionWork, identity: Identity) -> None:
    """Call off what an identity asked its principal for: part of its release and revocation.

    Otherwise its next principal's agent could still look at, and end, what was begun for the one before.
    """
    _cancel_each(work, work.auth_sessions.list_open_of(identity.id, identity.principal_id or ""))


def cancel_all_for(work: AuthSessionWork, principal_id: str) -> None:
    """Call off everything that was to become a connection of this principal: part of their erasure."""
    _cancel_each(work, work.auth_sessions.list_open_for(principal_id))


def _cancel_each(work: AuthSessionWork, sessions: Iterable[AuthSession]) -> None:
    for session in sessions:
        at = work.record(AuthSessionCancelled(**about(work, session)))
        close(work, session, state=AuthSessionState.CANCELLED, at=at)
