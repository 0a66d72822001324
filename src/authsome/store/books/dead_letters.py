"""Dead letters: facts that a sink refused for good, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select

from authsome.store.books.upsert import set_on_conflict
from authsome.store.tables.ledger import dead_letter

LONGEST_REASON = 500


class LetterState(StrEnum):
    """What becomes of a dead letter."""

    REFUSED = "refused"  # lies here until an operator decides
    RETRYING = "retrying"  # the relay sends it with its next portion
    DROPPED = "dropped"  # an operator gave it up: never sent, kept as the note that says so


SHOWN = (LetterState.REFUSED, LetterState.RETRYING)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One refused fact."""

    sink: str
    event_id: str
    position: int
    reason: str
    created_at: datetime
    state: LetterState = LetterState.REFUSED


class DeadLetters:
    """The table `dead_letter`."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(
        self,
        *,
        sink: str,
        event_id: str,
        position: int,
        reason: str,
        state: LetterState = LetterState.REFUSED,
    ) -> None:
        """Remember a refusal; again for the same fact, the newer reason stands."""
        row = {"sink": sink, "event_id": event_id, "position": position, "reason": reason[:LONGEST_REASON]}
        set_on_conflict(self._connection, dead_letter, {**row, "created_at": self._now, "state": state})

    def list(
        self, sink: str, *, limit: int = 100, after: int = 0, states: Sequence[LetterState] = SHOWN
    ) -> list[DeadLetter]:
        """Up to `limit` letters behind the position `after`, in the order of the log."""
        query = (
            select(dead_letter)
            .where(dead_letter.c.sink == sink)
            .where(dead_letter.c.position > after)
            .where(dead_letter.c.state.in_(states))
            .order_by(dead_letter.c.position)
            .limit(limit)
        )
        return [_letter(row) for row in self._connection.execute(query)]

    def event_ids(self, sink: str) -> set[str]:
        """The facts of all letters, in whatever state."""
        found = self._connection.execute(select(dead_letter.c.event_id).where(dead_letter.c.sink == sink))
        return set(found.scalars())

    def count(self, sink: str, states: Sequence[LetterState] = SHOWN) -> int:
        query = select(func.count()).where(dead_letter.c.sink == sink).where(dead_letter.c.state.in_(states))
        return int(self._connection.execute(query).scalar_one())

    def decide(self, sink: str, state: LetterState, *, event_ids: Collection[str] | None) -> int:
        """Put these letters (all that are shown, for None) into the state; returns how many it changed."""
        where = (dead_letter.c.sink == sink) & dead_letter.c.state.in_(SHOWN) & (dead_letter.c.state != state)
        if event_ids is not None:
            where &= dead_letter.c.event_id.in_(event_ids)
        return self._connection.execute(dead_letter.update().where(where).values(state=state)).rowcount

    def remove(self, sink: str, event_ids: Collection[str]) -> None:
        """These were taken after all."""
        where = (dead_letter.c.sink == sink) & dead_letter.c.event_id.in_(event_ids)
        self._connection.execute(delete(dead_letter).where(where))


def _letter(row: Row[Any]) -> DeadLetter:
    values = dict(row._mapping)
    return DeadLetter(**values | {"state": LetterState(values["state"])})
