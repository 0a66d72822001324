"""What metrics are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from authsome.kit.event import Event, Privacy


class Kind(StrEnum):
    """How the numbers of a metric are put together, and so how it is drawn."""

    GROWTH = "growth"  # one line: new in each bucket, and how many there are in all
    COUNTS = "counts"  # each line by bucket
    RATE = "rate"  # the first line's share of those that decide it
    RANKING = "ranking"  # one line, by a dimension, over the whole time
    SPLIT = "split"  # one line, a series for each value of a dimension
    STANDING = "standing"  # how many there are at the end of each bucket: came, less went
    ACTIVE = "active"  # how many were active in each bucket
    FUNNEL = "funnel"  # how many took each step, in order
    RETENTION = "retention"  # how many of those who began together came back
    LANES = "lanes"  # how far the sinks are, right now


class Unit(StrEnum):
    """What the headline number is, or what the lines of a share are numbers of."""

    PRINCIPALS = "principals"
    IDENTITIES = "identities"
    CONNECTIONS = "connections"
    REQUESTS = "requests"
    REFUSALS = "refusals"
    FACTS = "facts"
    AUTH_SESSIONS = "auth sessions"
    REFRESHES = "refreshes"
    PERCENT = "percent"


class Dimension(StrEnum):
    """By what a metric can be taken apart. The value is the column of the rollups."""

    PROVIDER = "provider"
    FLOW = "flow"
    REASON = "reason"
    SURFACE = "surface"
    OUTCOME = "outcome"

    @property
    def fields(self) -> tuple[str, ...]:
        """The event's fields that say it; the first that is there holds."""
        return ("custom_provider", "provider") if self is Dimension.PROVIDER else (self.value,)


class Bucket(StrEnum):
    """Days, or whole weeks from Monday on, or calendar months."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def start(self, day: date) -> date:
        """The first day of the bucket that holds the day."""
        if self is Bucket.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self is Bucket.MONTH else day

    def after(self, start: date) -> date:
        """The first day of the next bucket."""
        days = {Bucket.DAY: 1, Bucket.WEEK: 7, Bucket.MONTH: 32}[self]
        return self.start(start + timedelta(days=days))

    def back(self, start: date, count: int) -> date:
        """The first day of the bucket so many before."""
        for _ in range(count):
            start = self.start(start - timedelta(days=1))
        return start


class MetricInvalid(TypeError):
    """A metric asks of an event what the event does not have."""


@dataclass(frozen=True, slots=True)
class Distinct:
    """Count the distinct values of a field, however many facts have each."""

    field: str


@dataclass(frozen=True, slots=True)
class Summed:
    """Add up a field of facts that each stand for many."""

    field: str = "count"


@dataclass(frozen=True, slots=True)
class Each:
    """Count the facts themselves, each once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Facts of one event, all of them or those of one value of a dimension (`where`).

    `decides` is false for what is shown beside a rate without counting in it. `less` are the events that end
    what `event` began: they are subtracted where a line is a standing number.
    """

    key: str
    title: str
    event: type[Event]
    where: tuple[Dimension, str] | None = None
    decides: bool = True
    less: tuple[type[Event], ...] = ()

    @property
    def events(self) -> tuple[type[Event], ...]:
        return (self.event, *self.less)


def sends(event: type[Event], field: str) -> bool:
    """Whether the event has the field, and it may leave the installation."""
    return event.privacy.get(field, Privacy.LOCAL) is not Privacy.LOCAL


def has(event: type[Event], dimension: Dimension) -> bool:
    """Whether facts of the event can be taken apart by it."""
    return dimension.fields[-1] in event.privacy
