"""What a fact adds to the rollups. Pure: the same facts give the same counts in any order.

Three things are kept. *Daily*: how many facts, by event and dimensions. *Subject*: who was in
them on a day. *Milestone*: when these were in one for the first time. A fact that stands for many
(`credentials_used`) carries `count`. *Erased* are those of whom a fact says that they count no more: they
are taken out where the fold is added, with all that was counted before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from authsome.store.event_log import LoggedEvent

VERSION = 5  # of the rules below
NOTHING = ""  # for what a fact does not have: NULLs are all different in a primary key


class DailyKey(NamedTuple):
    """One row of the daily rollup."""

    event: str
    day: date
    provider: str = NOTHING
    flow: str = NOTHING
    reason: str = NOTHING
    surface: str = NOTHING
    outcome: str = NOTHING


class Who(NamedTuple):
    """All whom a fact names; `subject_id` is whom it is about, where that is none of the others."""

    principal_id: str
    identity_handle: str
    subject_id: str

    def __str__(self) -> str:
        return " ".join(one for one in self if one)


class SubjectKey(NamedTuple):
    """One row of the subject rollup."""

    event: str
    day: date
    provider: str = NOTHING
    flow: str = NOTHING
    reason: str = NOTHING
    surface: str = NOTHING
    outcome: str = NOTHING
    principal_id: str = NOTHING
    identity_handle: str = NOTHING
    subject_id: str = NOTHING

    @property
    def daily(self) -> DailyKey:
        """The daily count that it is part of."""
        return DailyKey(
            self.event, self.day, self.provider, self.flow, self.reason, self.surface, self.outcome
        )

    @property
    def who(self) -> Who:
        return Who(self.principal_id, self.identity_handle, self.subject_id)


class MilestoneKey(NamedTuple):
    """One row of the milestones."""

    event: str
    outcome: str = NOTHING
    principal_id: str = NOTHING
    identity_handle: str = NOTHING
    subject_id: str = NOTHING

    @property
    def who(self) -> Who:
        return Who(self.principal_id, self.identity_handle, self.subject_id)


@dataclass(slots=True)
class Folded:
    """What some facts add up to, in days of `zone`."""

    zone: ZoneInfo
    daily: Counter[DailyKey] = field(default_factory=Counter)
    subject: Counter[SubjectKey] = field(default_factory=Counter)
    milestone: dict[MilestoneKey, datetime] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)


def fold(facts: Iterable[LoggedEvent], zone: ZoneInfo) -> Folded:
    """Sum up the facts, in days of this time zone."""
    folded = Folded(zone)
    add_facts(folded, facts)
    return folded


def add_facts(folded: Folded, facts: Iterable[LoggedEvent]) -> None:
    """Add the facts to what others come to."""
    for fact in facts:
        _add(folded, fact, fact.occurred_at.astimezone(folded.zone).date())


def provider_name(fields: dict[str, Any]) -> str:
    """The provider as people know it: a custom one leaves as `custom`, and is shown here by its name."""
    return str(fields.get("custom_provider") or fields.get("provider") or NOTHING)


def _add(folded: Folded, fact: LoggedEvent, day: date) -> None:
    fields = fact.fields
    key = DailyKey(
        fact.name,
        day,
        provider_name(fields),
        str(fields.get("flow") or NOTHING),
        str(fields.get("reason") or NOTHING),
        str(fields.get("surface") or NOTHING),
        str(fields.get("outcome") or NOTHING),
    )
    times = int(fields.get("count", 1))
    folded.daily[key] += times
    if erased := fact.erases:
        folded.erased.add(erased)
    elif any(who := _who(fact)):
        folded.subject[SubjectKey(*key, *who)] += times
        first = MilestoneKey(fact.name, key.outcome, *who)
        folded.milestone[first] = min(fact.occurred_at, folded.milestone.get(first, fact.occurred_at))


def _who(fact: LoggedEvent) -> Who:
    principal_id, handle = (str(fact.fields.get(name) or NOTHING) for name in Who._fields[:2])
    others = fact.people - {principal_id, handle}
    return Who(principal_id, handle, next(iter(others), NOTHING))
