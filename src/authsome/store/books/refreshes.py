"""Whose turn it is to ask a provider for a connection's next token, and when it may be asked again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, update

from authsome.store.books.upsert import insert
from authsome.store.tables.ledger import refresh


@dataclass(frozen=True, slots=True)
class Turn:
    """A row. `is_mine` is whether the holder who asked has it now."""

    is_mine: bool
    asked_version: int | None
    failures: int
    because: str | None
    rests_until: datetime | None


class Refreshes:
    """The table `refresh`."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def take(self, connection_id: str, holder: str, *, lasts: timedelta) -> Turn | None:
        """Take the turn, unless somebody has it or it rests; None where the row went in the same moment.

        What the last holder had asked is kept, for whoever takes over to see.
        """
        until, t = self._now + lasts, refresh.c
        first = insert(self._connection, refresh).values(
            connection_id=connection_id, holder=holder, expires_at=until, failures=0
        )
        is_free = t.expires_at <= self._now
        has_rested = or_(t.rests_until.is_(None), t.rests_until <= self._now)
        self._connection.execute(
            first.on_conflict_do_update(
                index_elements=["connection_id"],
                set_={"holder": holder, "expires_at": until},
                where=is_free & has_rested,
            )
        )
        row = self._connection.execute(select(refresh).where(t.connection_id == connection_id)).first()
        if row is None:
            return None
        return Turn(row.holder == holder, row.asked_version, row.failures, row.because, row.rests_until)

    def keep(self, connection_id: str, holder: str, *, lasts: timedelta) -> bool:
        """Have it for longer; False once somebody else has it."""
        mine = (refresh.c.connection_id == connection_id) & (refresh.c.holder == holder)
        statement = update(refresh).where(mine).values(expires_at=self._now + lasts)
        return self._connection.execute(statement).rowcount == 1

    def note_asked(self, connection_id: str, holder: str, version: int, *, lasts: timedelta) -> bool:
        """The refresh token of this version is about to leave. False once somebody else has the turn."""
        mine = (refresh.c.connection_id == connection_id) & (refresh.c.holder == holder)
        statement = (
            update(refresh)
            .where(mine, refresh.c.expires_at > self._now)
            .values(asked_version=version, expires_at=self._now + lasts)
        )
        return self._connection.execute(statement).rowcount == 1

    def rest(self, connection_id: str, holder: str, *, because: str, until: datetime) -> None:
        """Give the turn back after a failure that was dealt with; nobody takes it before `until`."""
        mine = (refresh.c.connection_id == connection_id) & (refresh.c.holder == holder)
        self._connection.execute(
            update(refresh)
            .where(mine)
            .values(
                expires_at=self._now,
                asked_version=None,
                failures=refresh.c.failures + 1,
                because=because,
                rests_until=until,
            )
        )

    def drop(self, connection_id: str, holder: str) -> None:
        """Give the turn back: there is nothing left to ask, or nothing was asked."""
        mine = (refresh.c.connection_id == connection_id) & (refresh.c.holder == holder)
        self._connection.execute(delete(refresh).where(mine))

    def forget_past(self, *, before: datetime) -> None:
        """Drop rows that nobody has come back for, but not what had been asked without an end."""
        t = refresh.c
        rested = or_(t.rests_until.is_(None), t.rests_until <= before)
        self._connection.execute(
            delete(refresh).where(t.expires_at <= before, t.asked_version.is_(None), rested)
        )
