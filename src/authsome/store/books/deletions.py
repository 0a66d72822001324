"""Deletions: what PostHog is asked to forget, and how far that has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update

from authsome.store.books.upsert import insert, set_on_conflict
from authsome.store.tables.ledger import person_deletion


class DeletionState(StrEnum):
    """How far it is."""

    WAITING = "waiting"  # not asked yet
    REQUESTED = "requested"  # PostHog was asked, and may still hold events
    VERIFIED = "verified"  # PostHog was looked at and holds nothing
    NOT_NEEDED = "not_needed"  # nothing was ever sent


OPEN = (DeletionState.WAITING, DeletionState.REQUESTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """One erasure, at PostHog. `because` is why it goes on no further just now, None where it does.

    `position` is that of the erasure in the log, `persons` how many PostHog found, `left` how many events
    it held when it was last looked at, `tries` how often it was asked or looked at since the last step.
    """

    erasure_id: str
    position: int
    state: DeletionState
    next_at: datetime
    erased_at: datetime
    tries: int = 0
    requested_at: datetime | None = None
    verified_at: datetime | None = None
    persons: int | None = None
    left: int | None = None
    because: str | None = None


class Deletions:
    """The table `person_deletion`."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def open(self, erasure_id: str, *, position: int, erased_at: datetime) -> None:
        """Queue an erasure; again for the same one changes nothing."""
        new = Deletion(
            erasure_id=erasure_id,
            position=position,
            state=DeletionState.WAITING,
            next_at=self._now,
            erased_at=erased_at,
        )
        statement = insert(self._connection, person_deletion).on_conflict_do_nothing()
        self._connection.execute(statement, asdict(new))

    def keep(self, deletion: Deletion) -> None:
        set_on_conflict(self._connection, person_deletion, asdict(deletion))

    def next_due(self) -> Deletion | None:
        """One whose time has come: the one that waits longest."""
        t = person_deletion.c
        query = select(person_deletion).where(t.state.in_(OPEN), t.next_at <= self._now)
        row = self._connection.execute(query.order_by(t.next_at).limit(1)).first()
        return _deletion(row) if row else None

    def hurry(self) -> None:
        """A server has started, with settings that may be other ones: try everything at once."""
        t = person_deletion.c
        late = update(person_deletion).where(t.state.in_(OPEN), t.next_at > self._now)
        self._connection.execute(late.values(next_at=self._now))

    def of(self, erasure_ids: Sequence[str]) -> dict[str, Deletion]:
        t = person_deletion.c
        rows = self._connection.execute(select(person_deletion).where(t.erasure_id.in_(erasure_ids)))
        return {row.erasure_id: _deletion(row) for row in rows}


def _deletion(row: Row[Any]) -> Deletion:
    values = dict(row._mapping)
    return Deletion(**values | {"state": DeletionState(values["state"])})
