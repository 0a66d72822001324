"""Access requests: made and decided."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from authsome.analytics.rows.trace import Past, Restored, Trace
from authsome.grant.access.model import AccessState
from authsome.grant.events import AccessApproved, AccessDenied, AccessRequested
from authsome.provider.catalogue import spoken_of
from authsome.store.tables.registry import access_request, grant


def _requested(past: Past, row: Row[Any]) -> Restored | None:
    agent = past.agent(row.identity_id, row.created_at)
    if agent is None:
        return None
    event = AccessRequested(
        access_request_id=row.id,
        principal_id=row.principal_id,
        **agent,
        **spoken_of(row.provider),
        lasts_seconds=row.lasts_seconds,
        connection_name=row.connection_name,
        note=row.note,
    )
    return Restored(event=event, at=row.created_at, by=past.by_agent(agent))


def _approved(past: Past, row: Row[Any]) -> Restored | None:
    agent = past.agent(row.identity_id, row.ended_at)
    made = past.view.connection.execute(select(grant).where(grant.c.id == row.grant_id)).first()
    if agent is None or made is None:
        return None
    event = AccessApproved(
        access_request_id=row.id,
        principal_id=row.principal_id,
        **agent,
        **spoken_of(row.provider),
        connection_id=made.connection_id,
        grant_id=made.id,
    )
    return Restored(event=event, at=row.ended_at, by=past.by_principal(row.principal_id))


def _denied(past: Past, row: Row[Any]) -> Restored | None:
    agent = past.agent(row.identity_id, row.ended_at)
    if agent is None:
        return None
    event = AccessDenied(
        access_request_id=row.id, principal_id=row.principal_id, **agent, **spoken_of(row.provider)
    )
    return Restored(event=event, at=row.ended_at, by=past.by_principal(row.principal_id))


TRACES = (
    Trace(event=AccessRequested, table=access_request, at="created_at", restore=_requested),
    Trace(
        event=AccessApproved,
        table=access_request,
        at="ended_at",
        where=access_request.c.state == AccessState.APPROVED.value,
        restore=_approved,
    ),
    Trace(
        event=AccessDenied,
        table=access_request,
        at="ended_at",
        where=access_request.c.state == AccessState.DENIED.value,
        restore=_denied,
    ),
)
