"""What a fact adds to the rollups. Pure: the same facts give the same counts in any order.

Three things are kept. *Daily*: how many facts, by event, provider, flow and reason. *Subject*: who was in
them on a day. *Milestone*: when somebody was in one for the first time. A fact that stands for many
(`credentials_used`) carries `count`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from authsome.store.event_log import LoggedEvent

VERSION = 1  # of the rules below
BY = ("principal_id", "identity_handle")  # who can be counted; both may be in one fact
NOTHING = ""  # for a dimension that a fact does not have: NULLs are all different in a primary key


class DailyKey(NamedTuple):
    """One row of the daily rollup."""

    event: str
    day: date
    provider: str
    flow: str
    reason: str


class SubjectKey(NamedTuple):
    """One row of the subject rollup: `subject` is the value of the field `counted`."""

    event: str
    counted: str
    day: date
    provider: str
    subject: str


class MilestoneKey(NamedTuple):
    """One row of the milestones."""

    event: str
    counted: str
    subject: str


@dataclass(slots=True)
class Folded:
    """What some facts add up to."""

    daily: Counter[DailyKey] = field(default_factory=Counter)
    subject: Counter[SubjectKey] = field(default_factory=Counter)
    milestone: dict[MilestoneKey, datetime] = field(default_factory=dict)


def fold(facts: Iterable[LoggedEvent], zone: ZoneInfo) -> Folded:
    """Sum up the facts, in days of this time zone."""
    folded = Folded()
    add_facts(folded, facts, zone)
    return folded


def add_facts(folded: Folded, facts: Iterable[LoggedEvent], zone: ZoneInfo) -> None:
    """Add the facts to what others come to."""
    for fact in facts:
        _add(folded, fact, fact.occurred_at.astimezone(zone).date())


def provider_name(fields: dict[str, Any]) -> str:
    """The provider as people know it: a custom one leaves as `custom`, and is shown here by its name."""
    return str(fields.get("custom_provider") or fields.get("provider") or NOTHING)


def _add(folded: Folded, fact: LoggedEvent, day: date) -> None:
    fields, provider = fact.fields, provider_name(fact.fields)
    times = int(fields.get("count", 1))
    flow, reason = str(fields.get("flow") or NOTHING), str(fields.get("reason") or NOTHING)
    folded.daily[DailyKey(fact.name, day, provider, flow, reason)] += times
    for counted in BY:
        subject = fields.get(counted)
        if not subject:
            continue
        folded.subject[SubjectKey(fact.name, counted, day, provider, str(subject))] += times
        first = MilestoneKey(fact.name, counted, str(subject))
        folded.milestone[first] = min(fact.occurred_at, folded.milestone.get(first, fact.occurred_at))
