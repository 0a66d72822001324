"""Dead letters: facts that a sink refused for good, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from authsome.store.books.upsert import set_on_conflict
from authsome.store.tables.ledger import dead_letter


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One refused fact."""

    sink: str
    event_id: str
    position: int
    reason: str
    created_at: datetime


class DeadLetters:
    """The table `dead_letter`."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, *, sink: str, event_id: str, position: int, reason: str) -> None:
        """Remember a refusal; again for the same fact, the newer reason stands."""
        row = {"sink": sink, "event_id": event_id, "position": position, "reason": reason[:500]}
        set_on_conflict(self._connection, dead_letter, {**row, "created_at": self._now})

    def list(self, sink: str, *, limit: int = 100) -> list[DeadLetter]:
        query = select(dead_letter).where(dead_letter.c.sink == sink).order_by(dead_letter.c.position)
        return [DeadLetter(**row._mapping) for row in self._connection.execute(query.limit(limit))]

    def count(self, sink: str) -> int:
        query = select(func.count()).where(dead_letter.c.sink == sink)
        return int(self._connection.execute(query).scalar_one())
