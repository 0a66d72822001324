"""End sessions."""

from __future__ import annotations

from authsome.principal.errors import SessionMissing
from authsome.principal.events import PrincipalLoggedOut
from authsome.principal.ports import PrincipalWork


def log_out(work: PrincipalWork) -> None:
    """End the session that asks. It works for nothing from then on, on every server."""
    principal_id = work.caller.require_principal()
    session_id = work.caller.session_id
    if session_id is None:
        raise SessionMissing
    at = work.record(PrincipalLoggedOut(principal_id=principal_id, session_id=session_id))
    work.sessions.end(session_id, at)


def end_all_sessions(work: PrincipalWork, principal_id: str, *, but: str | None = None) -> None:
    """End every session of a principal, except `but`; part of a new password and of disabling."""
    for session in work.sessions.list_live(principal_id, work.now):
        if session.id == but:
            continue
        at = work.record(PrincipalLoggedOut(principal_id=principal_id, session_id=session.id))
        work.sessions.end(session.id, at)
