"""What was asked for, how far it is, and what came of the last: one row of the books, for all servers.

A comparison of a million facts takes minutes, so it is no answer to a request. Whoever asks writes it down
here; one server does it, under a lease; whoever wants to know reads it here. A killed server's work is begun
again by the next, which finds done what was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from authsome.kit.clock import from_micros, rfc3339, to_micros
from authsome.kit.errors import ConflictError
from authsome.store.books.books import Books

READER = "reconcile"  # a cursor that follows nothing and holds nothing back; its state is what is kept here


class Task(StrEnum):
    """What can be asked for."""

    COMPARE = "compare"
    REPAIR = "repair"
    BACKFILL = "backfill"


class ReconcileBusy(ConflictError):
    """Another comparison or repair is under way."""

    code = "reconcile_busy"
    hint = "wait until it is done: `authsome analytics reconcile --json` says how far it is"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One task, from `since` on (None: from the beginning)."""

    id: str
    task: Task
    since: datetime | None
    asked_at: datetime

    def is_like(self, other: Asked) -> bool:
        return (self.task, self.since) == (other.task, other.since)

    def to_state(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "task": self.task.value,
            "since": to_micros(self.since) if self.since else None,
            "asked_at": to_micros(self.asked_at),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Asked:
        since = state["since"]
        return cls(
            id=state["id"],
            task=Task(state["task"]),
            since=from_micros(since) if since is not None else None,
            asked_at=from_micros(state["asked_at"]),
        )


def ask_for(books: Books, asked: Asked) -> Asked:
    """Write it down; returns the same that is under way, if there is one. Raises `ReconcileBusy`."""
    state = _state(books)
    current = under_way(books)
    if current is not None:
        if not current.is_like(asked):
            raise ReconcileBusy
        return current
    _keep(books, {**state, "asked": asked.to_state(), "looked": 0})
    return asked


def under_way(books: Books) -> Asked | None:
    found = _state(books).get("asked")
    return Asked.from_state(found) if found else None


def note_progress(books: Books, looked: int) -> None:
    _keep(books, {**_state(books), "looked": looked})


def note_end(books: Books, asked: Asked, *, report: dict[str, Any] | None, outcome: dict[str, Any]) -> None:
    """It is done. `report` replaces the last one, unless there is none."""
    state = _state(books)
    last = {"id": asked.id, "task": asked.task.value, "ended_at": rfc3339(books.now), **outcome}
    _keep(books, {"asked": None, "looked": 0, "last": last, "report": report or state.get("report")})


def read_job(books: Books) -> dict[str, Any]:
    """For people: what is under way, what was done last, and the last comparison."""
    state, current = _state(books), under_way(books)
    return {
        "under_way": current
        and {
            "id": current.id,
            "task": current.task.value,
            "since": rfc3339(current.since) if current.since else None,
            "looked_at": state.get("looked", 0),
        },
        "last": state.get("last"),
        "report": state.get("report"),
    }


def _state(books: Books) -> dict[str, Any]:
    cursor = books.cursors.find(READER)
    return cursor.state if cursor else {}


def _keep(books: Books, state: dict[str, Any]) -> None:
    books.cursors.open(READER)
    books.cursors.set(READER, state=state, enabled=False)
