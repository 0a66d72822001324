"""How many take each of some steps, in order and in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from authsome.analytics.metric.parts import Dimension, Kind, Line, MetricInvalid, has
from authsome.analytics.metric.words import Metric, needs
from authsome.kit.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel(Metric):
    """Of those whose first `steps[0]` is in the time shown: how many took each step.

    A step is taken where its first fact ever is no earlier than that of the step before, and no later than
    `within` after the first. `timed` is the step whose time since the first is shown.
    """

    counted: str
    steps: tuple[Line, ...]
    within: timedelta
    timed: str

    def __post_init__(self) -> None:
        for step in self.steps:
            needs(self, step.event, self.counted)
            if step.where and (step.where[0] is not Dimension.OUTCOME or not has(step.event, step.where[0])):
                raise MetricInvalid(f"{self.name}: first times are kept by outcome only")
        if self.timed not in [step.key for step in self.steps[1:]]:
            raise MetricInvalid(f"{self.name} has no later step {self.timed}")

    @property
    def kind(self) -> Kind:
        return Kind.FUNNEL

    @property
    def events(self) -> tuple[type[Event], ...]:
        return tuple(dict.fromkeys(step.event for step in self.steps))

    @property
    def by_principal(self) -> bool:
        return False  # before its claim an identity is nobody's

    @property
    def by_provider(self) -> bool:
        return False  # its steps are of an identity, whichever provider it goes on to use
