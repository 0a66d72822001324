"""Servers: which are alive, and up to which hour each has handed in its usage."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from authsome.store.books.upsert import set_on_conflict
from authsome.store.tables.ledger import server

DEAD_AFTER = timedelta(minutes=5)


class Servers:
    """The table `server`: one row per running process."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def report(self, server_id: str, *, started_at: datetime, flushed_at: datetime, dropped: int) -> None:
        """Say: I am here, all usage before `flushed_at` is handed in, and so much was dropped since start."""
        row = {"id": server_id, "started_at": started_at, "seen_at": self._now}
        row |= {"flushed_at": flushed_at, "usage_dropped": dropped}
        set_on_conflict(self._connection, server, row)

    def leave(self, server_id: str) -> None:
        """This process stops, all of its usage handed in."""
        self._connection.execute(
            server.update()
            .where(server.c.id == server_id)
            .values(flushed_at=datetime.max.replace(tzinfo=self._now.tzinfo))
        )

    def closed_until(self) -> datetime:
        """No living server will hand in usage from before this instant."""
        living = server.c.seen_at > self._now - DEAD_AFTER
        slowest = self._connection.execute(select(func.min(server.c.flushed_at)).where(living)).scalar()
        return min(slowest, self._now) if slowest else self._now

    def dropped(self) -> int:
        """Uses that were not counted because a server's map was full, over all servers."""
        return int(self._connection.execute(select(func.sum(server.c.usage_dropped))).scalar() or 0)
