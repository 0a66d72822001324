"""What a metric is. Each is defined once (`metrics`), and compiled from there to everything that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from authsome.kit.event import Event, Privacy


class Kind(StrEnum):
    """How the counts of a metric are put together."""

    GROWTH = "growth"  # one line: new on each day, and how many there are in all
    COUNTS = "counts"  # each line by day
    RATE = "rate"  # the first line's share of those that decide it
    RANKING = "ranking"  # one line, by a dimension, over the whole time


class Unit(StrEnum):
    """What the headline number is."""

    PRINCIPALS = "principals"
    IDENTITIES = "identities"
    CONNECTIONS = "connections"
    PERCENT = "percent"


class Dimension(StrEnum):
    """By what a metric can be taken apart. The value is the column of the rollups."""

    PROVIDER = "provider"
    FLOW = "flow"
    REASON = "reason"

    @property
    def fields(self) -> tuple[str, ...]:
        """The event's fields that say it; the first that is there holds."""
        return ("custom_provider", "provider") if self is Dimension.PROVIDER else (self.value,)


class MetricInvalid(TypeError):
    """A metric asks of an event what the event does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event of a metric. `decides` is false for what is shown beside a rate without counting in it."""

    key: str
    title: str
    event: type[Event]
    decides: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A number with one definition.

    `counted` is the field whose distinct values are counted. `healthy` says how a good number moves. Refused
    when it is created: fields that an event lacks or that never leave, and taking apart what the rollups
    keep whole.
    """

    name: str
    title: str
    question: str
    definition: str
    healthy: str
    kind: Kind
    unit: Unit
    counted: str
    lines: tuple[Line, ...]
    by: tuple[Dimension, ...] = ()

    def __post_init__(self) -> None:
        for line in self.lines:
            if line.event.privacy.get(self.counted, Privacy.LOCAL) is Privacy.LOCAL:
                raise MetricInvalid(
                    f"{self.name} counts {self.counted}, which {line.event.name} does not send"
                )
        for dimension in self.by:
            field = dimension.fields[-1]
            if not any(field in line.event.privacy for line in self.lines):
                raise MetricInvalid(f"{self.name}: none of its events has {field}")
        if not self.once and set(self.by) - {Dimension.PROVIDER}:
            raise MetricInvalid(f"{self.name}: who is kept by provider only")
        if self.kind in (Kind.GROWTH, Kind.RANKING) and len(self.lines) != 1:
            raise MetricInvalid(f"{self.name}: a {self.kind} has one line")
        if self.kind is Kind.GROWTH and not self.once:
            raise MetricInvalid(f"{self.name}: days can be added up only of what happens once")

    @property
    def once(self) -> bool:
        """Whether each counted value has each of these events once, so that facts can be counted instead.

        The event says so: it is `keyed_by` that field, and the log takes a key once.
        """
        return all(line.event.keyed_by == self.counted for line in self.lines)
