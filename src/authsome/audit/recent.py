"""What happened lately to somebody's own things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from authsome.store.tables.log import event_log, log_head
from authsome.store.transactions import Store

LOOKED_BACK = 2_000  # facts; the log has no index by subject, and a page's cost may not grow with the log
MOST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A fact, without its `Local` values."""

    name: str
    at: datetime
    fields: Mapping[str, Any]


async def list_recent(store: Store, *, principal_id: str, handles: Sequence[str]) -> list[Happened]:
    """The latest facts done by a principal, or about them or their identities; the newest first."""
    own = [principal_id, *handles]

    def look(connection: Connection) -> list[Happened]:
        t = event_log.c
        with connection.begin():
            head = int(connection.execute(select(log_head.c.position)).scalar() or 0)
            query = (
                select(t.name, t.occurred_at, t.fields)
                .where(t.position > head - LOOKED_BACK)
                .where(or_(t.actor_id.in_(own), t.subject_id.in_(own)))
                .order_by(t.position.desc())
                .limit(MOST)
            )
            return [
                Happened(name=row.name, at=row.occurred_at, fields=row.fields)
                for row in connection.execute(query)
            ]

    return await store.database.reader.run(look)
