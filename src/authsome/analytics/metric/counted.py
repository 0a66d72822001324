"""Numbers of facts or of what they name: by bucket, as a rate, as a ranking, as what stands."""

from __future__ import annotations

from dataclasses import dataclass

from authsome.analytics.metric.parts import (
    Dimension,
    Distinct,
    Each,
    Kind,
    Line,
    MetricInvalid,
    Summed,
    Unit,
    has,
)
from authsome.analytics.metric.words import Metric, needs
from authsome.kit.event import Event

ONE_LINE = (Kind.GROWTH, Kind.RANKING, Kind.SPLIT)
KINDS = (*ONE_LINE, Kind.COUNTS, Kind.RATE, Kind.STANDING)
WHO = ("principal_id", "identity_handle")  # what rollups keep beside the dimensions


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Metric):
    """A metric of lines.

    `counted` says what of the facts is counted, and `of` what the lines are numbers of where the unit is a
    share. Refused when it is created: fields that an event lacks or
    that never leave, and taking apart what the rollups keep whole.
    """

    drawn: Kind
    counted: Distinct | Summed | Each
    lines: tuple[Line, ...]
    by: tuple[Dimension, ...] = ()
    of: Unit | None = None

    def __post_init__(self) -> None:
        self._check_lines()
        if self.drawn not in KINDS:
            raise MetricInvalid(f"{self.name}: a {self.drawn} is not made of lines")
        if self.drawn in ONE_LINE and len(self.lines) != 1:
            raise MetricInvalid(f"{self.name}: a {self.drawn} has one line")
        if self.drawn in (Kind.RANKING, Kind.SPLIT) and len(self.by) != 1:
            raise MetricInvalid(f"{self.name}: a {self.drawn} is by one dimension")
        if self.drawn in (Kind.GROWTH, Kind.STANDING, Kind.SPLIT) and not self.adds_up:
            raise MetricInvalid(f"{self.name}: days can be added up only of what happens once")

    def _check_lines(self) -> None:
        events = self.events
        for event in events:
            if not isinstance(self.counted, Each):
                needs(self, event, self.counted.field)
        if isinstance(self.counted, Distinct) and not self.adds_up and self.counted.field not in WHO:
            raise MetricInvalid(f"{self.name}: rollups do not keep {self.counted.field}")
        if isinstance(self.counted, Each) and any("count" in event.privacy for event in events):
            raise MetricInvalid(f"{self.name}: a fact that stands for many is not one")
        for dimension in self.by:
            if not any(has(event, dimension) for event in events):
                raise MetricInvalid(f"{self.name}: none of its events has {dimension}")
        for line in self.lines:
            if line.where and not has(line.event, line.where[0]):
                raise MetricInvalid(f"{self.name}: {line.event.name} has no {line.where[0]}")

    @property
    def kind(self) -> Kind:
        return self.drawn

    @property
    def events(self) -> tuple[type[Event], ...]:
        return tuple(dict.fromkeys(event for line in self.lines for event in line.events))

    @property
    def line_unit(self) -> Unit:
        return self.of or self.unit

    @property
    def adds_up(self) -> bool:
        """Whether the number of several days is the sum of theirs.

        Of facts it always is; of what they name where each value has each event once. The event says so: it
        is `keyed_by` that field, and the log takes a key once.
        """
        if not isinstance(self.counted, Distinct):
            return True
        return all(event.keyed_by == self.counted.field for event in self.events)
