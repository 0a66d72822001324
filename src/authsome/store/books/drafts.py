"""Drafts: what somebody asked for in one place, to be confirmed in another within the hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from authsome.store.tables.ledger import draft

MOST_PER_PRINCIPAL = 20


class Drafts:
    """The table `draft`."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def keep(self, draft_id: str, *, principal_id: str, content: dict[str, Any], lasts: timedelta) -> None:
        """Keep one. Of those of one principal the oldest go, so that nobody fills the table."""
        of_theirs = select(draft.c.id).where(draft.c.principal_id == principal_id)
        newest = of_theirs.order_by(draft.c.id.desc()).limit(MOST_PER_PRINCIPAL - 1)
        kept = list(self._connection.execute(newest).scalars())
        self._connection.execute(
            delete(draft).where(draft.c.principal_id == principal_id, draft.c.id.not_in(kept))
        )
        values = {"id": draft_id, "principal_id": principal_id, "content": content}
        self._connection.execute(insert(draft).values(**values, expires_at=self._now + lasts))

    def find(self, draft_id: str, *, principal_id: str) -> dict[str, Any] | None:
        """A principal's own, while its time is not over."""
        query = select(draft.c.content).where(
            draft.c.id == draft_id, draft.c.principal_id == principal_id, draft.c.expires_at > self._now
        )
        row = self._connection.execute(query).first()
        return row[0] if row else None

    def drop(self, draft_id: str) -> None:
        self._connection.execute(delete(draft).where(draft.c.id == draft_id))

    def forget_past(self) -> None:
        """Drop those whose time is over."""
        self._connection.execute(delete(draft).where(draft.c.expires_at <= self._now))
