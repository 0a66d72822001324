"""Cursors: how far each reader of the log has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from authsome.store.books.upsert import insert
from authsome.store.tables.ledger import cursor


@dataclass(frozen=True, slots=True)
class Cursor:
    """A reader's place: everything up to `position` is done. `state` is the reader's own."""

    reader: str
    position: int
    enabled: bool
    state: dict[str, Any]
    moved_at: datetime


class Cursors:
    """The table `cursor`."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def open(self, reader: str, *, at: int = 0) -> Cursor:
        """The reader's cursor; a new one starts `at` this position, enabled."""
        new = {"reader": reader, "position": at, "enabled": True, "state": {}, "moved_at": self._now}
        self._connection.execute(insert(self._connection, cursor).on_conflict_do_nothing(), new)
        found = self.find(reader)
        assert found is not None
        return found

    def find(self, reader: str) -> Cursor | None:
        row = self._connection.execute(select(cursor).where(cursor.c.reader == reader)).first()
        return Cursor(**row._mapping) if row else None

    def move(self, reader: str, *, seen: int, to: int) -> bool:
        """Move from where the reader thought it was; False when somebody moved it meanwhile."""
        where = (cursor.c.reader == reader) & (cursor.c.position == seen)
        statement = cursor.update().where(where).values(position=to, moved_at=self._now)
        return self._connection.execute(statement).rowcount == 1

    def set(self, reader: str, **values: Any) -> None:
        """Set `position`, `enabled` or `state` outright: consent, replay, and the reader's own notes."""
        self._connection.execute(cursor.update().where(cursor.c.reader == reader).values(**values))

    def slowest_enabled(self) -> int | None:
        """The position behind which every enabled reader has come; None without readers."""
        query = select(func.min(cursor.c.position)).where(cursor.c.enabled.is_(True))
        found: int | None = self._connection.execute(query).scalar()
        return found
