"""Counted attempts, in fixed windows."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, update

from authsome.store.books.upsert import insert
from authsome.store.tables.ledger import limit


class LimitCounts:
    """The table `limit`."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def hit(self, key: str, *, at_most: int, within: timedelta) -> bool:
        """Count one attempt; False when it is past `at_most` in the current window."""
        over = limit.c.resets_at <= self._now
        first = insert(self._connection, limit).values(key=key, count=1, resets_at=self._now + within)
        statement = first.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((over, 1), else_=limit.c.count + 1),
                "resets_at": case((over, first.excluded.resets_at), else_=limit.c.resets_at),
            },
        ).returning(limit.c.count)
        return int(self._connection.execute(statement).scalar_one()) <= at_most

    def give_back(self, key: str) -> None:
        """Take one attempt off the current window."""
        counted = (limit.c.key == key) & (limit.c.count > 0)
        self._connection.execute(update(limit).where(counted).values(count=limit.c.count - 1))

    def forget_past(self) -> None:
        """Drop windows that are over."""
        self._connection.execute(delete(limit).where(limit.c.resets_at <= self._now))
