"""Principals, their links and their sessions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from authsome.analytics.rows.trace import Past, Restored, Trace
from authsome.principal.events import (
    PrincipalInvited,
    PrincipalLoggedIn,
    PrincipalLoggedOut,
    PrincipalPasswordReset,
    PrincipalRegistered,
)
from authsome.principal.model import LinkKind, Role, SessionKind
from authsome.store.tables.registry import browser_session, invitation, principal


def _invited(past: Past, row: Row[Any]) -> Restored:
    event = PrincipalInvited(
        invitation_id=row.id,
        kind=LinkKind(row.kind),
        role=Role(row.role),
        principal_id=row.principal_id,
    )
    return Restored(event=event, at=row.created_at, by=past.by_principal(row.created_by))


def _registered(past: Past, row: Row[Any]) -> Restored | None:
    """Role and way in are those of the link, which was used up in the same instant."""
    used = select(invitation).where(invitation.c.used_at == row.created_at, invitation.c.kind != "reset")
    link = past.view.connection.execute(used).first()
    if link is None:
        return None
    event = PrincipalRegistered(
        principal_id=row.id, role=Role(link.role), via=LinkKind(link.kind), invitation_id=link.id
    )
    return Restored(event=event, at=row.created_at, by=past.server)


def _password_reset(past: Past, row: Row[Any]) -> Restored | None:
    if row.principal_id is None:
        return None
    event = PrincipalPasswordReset(principal_id=row.principal_id, invitation_id=row.id)
    return Restored(event=event, at=row.used_at, by=past.server)


def _logged_in(past: Past, row: Row[Any]) -> Restored:
    event = PrincipalLoggedIn(principal_id=row.principal_id, session_id=row.id, kind=SessionKind(row.kind))
    return Restored(event=event, at=row.created_at, by=past.by_principal(row.principal_id))


def _logged_out(past: Past, row: Row[Any]) -> Restored:
    event = PrincipalLoggedOut(principal_id=row.principal_id, session_id=row.id)
    return Restored(event=event, at=row.ended_at, by=past.by_principal(row.principal_id))


TRACES = (
    Trace(event=PrincipalInvited, table=invitation, at="created_at", restore=_invited),
    Trace(event=PrincipalRegistered, table=principal, at="created_at", restore=_registered),
    Trace(
        event=PrincipalPasswordReset,
        table=invitation,
        at="used_at",
        where=invitation.c.kind == LinkKind.RESET.value,
        restore=_password_reset,
    ),
    Trace(event=PrincipalLoggedIn, table=browser_session, at="created_at", restore=_logged_in),
    Trace(event=PrincipalLoggedOut, table=browser_session, at="ended_at", restore=_logged_out),
)
