"""The metrics in plain Python: lists, sets and loops over the whole history, as slow and as clear as can be.

It shares no code with what it judges: no rollups, no SQL, not even the fold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Fact:
    """One fact as anybody outside would see it."""

    event: str
    at: datetime
    fields: dict[str, Any]
    subject: str = ""

    @property
    def people(self) -> set[str]:
        """Everybody whom the fact is about or names."""
        return {self.subject, *(self.fields.get(f, "") for f in ("principal_id", "identity_handle"))} - {""}


class Oracle:
    """A history, and the time zone in which its days are cut."""

    def __init__(self, history: Sequence[Fact], zone: ZoneInfo) -> None:
        self.history, self.zone = [fact for fact in history if not fact.people & erased_in(history)], zone
        self._days = {id(fact): fact.at.astimezone(zone).date() for fact in history}

    def day(self, fact: Fact) -> date:
        return self._days[id(fact)]

    def ids(self, event: str, field: str, days: Iterable[date]) -> set[str]:
        """The distinct values of the field in facts of those days."""
        wanted = set(days)
        return {
            fact.fields[field]
            for fact in self.history
            if fact.event == event and self.day(fact) in wanted and fact.fields.get(field)
        }

    def count(self, event: str, field: str, days: Iterable[date]) -> int:
        return len(self.ids(event, field, days))

    def in_all(self, event: str, field: str, upto: date) -> int:
        days = {self.day(fact) for fact in self.history if self.day(fact) <= upto}
        return self.count(event, field, days)

    def rate(self, days: Iterable[date], **only: str) -> float | None:
        """Completed ÷ (completed + failed + expired), of sessions that ended on those days."""
        listed = list(days)
        ended = dict.fromkeys(("completed", "failed", "expired"), 0)
        for how in ended:
            kept = [f for f in self.history if f.event == f"auth_session_{how}" and self.day(f) in listed]
            kept = [f for f in kept if all(f.fields.get(k, "") == v for k, v in only.items())]
            ended[how] = len({f.fields["auth_session_id"] for f in kept})
        whole = sum(ended.values())
        return ended["completed"] / whole if whole else None

    def providers(self, days: Iterable[date]) -> list[tuple[str, int, int]]:
        """Provider, connections, principals: the most connections first."""
        listed = list(days)
        created = [f for f in self.history if f.event == "connection_created" and self.day(f) in listed]
        names = {self.provider(fact) for fact in created}
        rows = [
            (
                name,
                len({f.fields["connection_id"] for f in created if self.provider(f) == name}),
                len({f.fields["principal_id"] for f in created if self.provider(f) == name}),
            )
            for name in names
        ]
        return sorted(rows, key=lambda row: (-row[1], -row[2], row[0]))

    @staticmethod
    def provider(fact: Fact) -> str:
        name = fact.fields["provider"]
        return str(fact.fields["custom_provider"] if name == "custom" else name)


def erased_in(history: Sequence[Fact]) -> set[str]:
    """Everybody who is erased by the end of it."""
    return {
        fact.fields.get("principal_id") or fact.fields["identity_handle"]
        for fact in history
        if fact.event in ("principal_erased", "identity_erased")
    }


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
