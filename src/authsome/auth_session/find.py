"""Look at an auth session: from its page, or while waiting for it."""

from __future__ import annotations

from authsome.auth_session.errors import AuthSessionGone, AuthSessionMissing
from authsome.auth_session.model import AuthSession
from authsome.auth_session.ports import AuthSessionWork
from authsome.kit.caller import Caller
from authsome.kit.secret import Secret


def open_session(view: AuthSessionWork, *, caller: Caller, token: Secret) -> AuthSession:
    """The caller's open session behind a link. Raises `AuthSessionGone`, the same for every way it is not.

    The link alone opens nothing: an agent holds it too, and could send it to somebody else.
    """
    principal_id = caller.require_principal()
    session = view.auth_sessions.find_by_token_hash(token.digest())
    if session is None or session.principal_id != principal_id or not session.is_open(view.now):
        raise AuthSessionGone
    return session


def ended_session(view: AuthSessionWork, *, caller: Caller, token: Secret) -> AuthSession:
    """The caller's ended session behind a link, to say how it ended. Raises `AuthSessionGone`."""
    principal_id = caller.require_principal()
    session = view.auth_sessions.find_by_token_hash(token.digest())
    if session is None or session.principal_id != principal_id or session.is_open(view.now):
        raise AuthSessionGone
    return session


def get_session(view: AuthSessionWork, *, caller: Caller, session_id: str) -> AuthSession:
    """A session in whatever state, for its principal and for the identity that asked.

    Raises `AuthSessionMissing`, also for somebody else's.
    """
    session = view.auth_sessions.find(session_id)
    if session is None or not session.concerns(caller):
        raise AuthSessionMissing
    return session
