"""Grants: created and removed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from authsome.analytics.rows.trace import Past, Restored, Trace
from authsome.grant.events import GrantCreated, GrantRemoved
from authsome.provider.catalogue import spoken_of
from authsome.store.tables.registry import grant


def _created(past: Past, row: Row[Any]) -> Restored | None:
    until = row.given_until
    lasts = None if until is None else round((until - row.created_at).total_seconds())
    return _restored(past, row, GrantCreated, at=row.created_at, lasts_seconds=lasts)


def _removed(past: Past, row: Row[Any]) -> Restored | None:
    return _restored(past, row, GrantRemoved, at=row.ended_at)


def _restored(
    past: Past, row: Row[Any], kind: type[GrantCreated | GrantRemoved], *, at: datetime, **more: Any
) -> Restored | None:
    agent, used = past.agent(row.identity_id, at), past.connection(row.connection_id)
    if agent is None or used is None:
        return None
    event = kind(
        grant_id=row.id,
        principal_id=row.principal_id,
        connection_id=used.id,
        **agent,
        **spoken_of(used.provider),
        **more,
    )
    return Restored(event=event, at=at, by=past.by_principal(row.principal_id))


TRACES = (
    Trace(event=GrantCreated, table=grant, at="created_at", restore=_created),
    Trace(event=GrantRemoved, table=grant, at="ended_at", restore=_removed),
)
