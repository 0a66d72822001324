"""Who holds this session?"""

from __future__ import annotations

from authsome.kit.secret import Secret
from authsome.principal.errors import SessionMissing
from authsome.principal.model import Principal, PrincipalState, Session
from authsome.principal.ports import PrincipalWork


def principal_of_token(view: PrincipalWork, token: Secret) -> tuple[Session, Principal]:
    """The live browser session behind a cookie. Raises `SessionMissing`."""
    return _live(view, view.sessions.find_by_token_hash(token.digest()))


def principal_of_did(view: PrincipalWork, did: str) -> tuple[Session, Principal]:
    """The live terminal session behind a key. Raises `SessionMissing`."""
    return _live(view, view.sessions.find_by_did(did))


def _live(view: PrincipalWork, session: Session | None) -> tuple[Session, Principal]:
    if session is None or not session.is_live(view.now):
        raise SessionMissing
    principal = view.principals.find(session.principal_id)
    if principal is None or principal.state is not PrincipalState.ACTIVE:
        raise SessionMissing
    return session, principal
