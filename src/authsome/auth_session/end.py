"""What every end of an auth session has in common."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from authsome.auth_session.errors import AuthSessionGone, AuthSessionMissing
from authsome.auth_session.model import AuthSession, AuthSessionState
from authsome.auth_session.ports import AuthSessionWork
from authsome.kit.caller import ActorKind
from authsome.provider.catalogue import spoken_of

_WHILE_WAITING = (
    "state_hash",
    "browser_session_id",
    "user_code",
    "verification_uri",
    "verification_uri_complete",
    "poll_seconds",
    "vault_id",
    "sealed",
)


def about(work: AuthSessionWork, session: AuthSession) -> dict[str, Any]:
    """The fields that every event of an auth session has."""
    identity = work.identities.find(session.identity_id) if session.identity_id else None
    return {
        "auth_session_id": session.id,
        "principal_id": session.principal_id,
        "identity_handle": identity.handle if identity else None,
        "did": identity.did if identity else None,
        **spoken_of(session.provider),
        "flow": session.flow,
    }


def ours_and_open(work: AuthSessionWork, session_id: str) -> AuthSession:
    """An open session that the caller may end: its principal, the identity that asked, or the server.

    Raises `AuthSessionMissing`, also for somebody else's, or `AuthSessionGone`.
    """
    session = work.auth_sessions.find(session_id)
    is_server = work.caller.kind is ActorKind.SERVER
    if session is None or not (is_server or session.concerns(work.caller)):
        raise AuthSessionMissing
    if not session.is_open(work.now):
        raise AuthSessionGone
    return session


def close(
    work: AuthSessionWork, session: AuthSession, *, state: AuthSessionState, at: datetime, **more: Any
) -> AuthSession:
    """Write the end of a session, and forget what it waited with. The caller has recorded the event."""
    forgotten: dict[str, Any] = dict.fromkeys(_WHILE_WAITING)
    ended = replace(session, state=state, ended_at=at, **forgotten, **more)
    work.auth_sessions.update(ended)
    return ended
