"""Who was active: what makes somebody active, and how many were in each bucket."""

from __future__ import annotations

from dataclasses import dataclass

from authsome.analytics.metric.parts import Dimension, Kind, MetricInvalid, has
from authsome.analytics.metric.words import Metric, needs
from authsome.kit.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One way to be active: a fact of this event, with this outcome where one is named."""

    event: type[Event]
    outcome: str | None = None

    def __post_init__(self) -> None:
        if self.outcome and not has(self.event, Dimension.OUTCOME):
            raise MetricInvalid(f"{self.event.name} has no outcome")


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What makes whoever `field` names active on a day: any one of the signs."""

    name: str
    field: str
    signs: tuple[Sign, ...]

    @property
    def events(self) -> tuple[type[Event], ...]:
        return tuple(dict.fromkeys(sign.event for sign in self.signs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Active(Metric):
    """How many were active in each bucket. Of several buckets the mean is shown: they share people."""

    activity: Activity

    def __post_init__(self) -> None:
        for event in self.events:
            needs(self, event, self.activity.field)

    @property
    def kind(self) -> Kind:
        return Kind.ACTIVE

    @property
    def events(self) -> tuple[type[Event], ...]:
        return self.activity.events
