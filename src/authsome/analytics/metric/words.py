"""What every metric says of itself, to people."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from authsome.analytics.metric.parts import Kind, MetricInvalid, Unit, sends
from authsome.kit.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(ABC):
    """A number with one definition. `healthy` says how a good one moves.

    `here_only` is the reason why it is shown by this installation alone and not by PostHog, if it is.
    """

    name: str
    title: str
    question: str
    definition: str
    healthy: str
    unit: Unit
    here_only: str | None = None

    @property
    @abstractmethod
    def kind(self) -> Kind:
        """How it is put together and drawn."""

    @property
    def events(self) -> tuple[type[Event], ...]:
        """Every event that it looks at, each once."""
        return ()

    @property
    def line_unit(self) -> Unit:
        """What its lines are numbers of. No number is without a unit."""
        return self.unit

    @property
    def by_provider(self) -> bool:
        """Whether it can be narrowed to one provider."""
        return any("provider" in event.privacy for event in self.events)

    @property
    def by_identity(self) -> bool:
        """Whether it can be narrowed to one identity."""
        return any(sends(event, "identity_handle") for event in self.events)

    @property
    def by_principal(self) -> bool:
        """Whether it can be narrowed to what is one principal's, and so be shown to them."""
        return any(sends(event, "principal_id") for event in self.events)


def needs(metric: Metric, event: type[Event], field: str) -> None:
    """Raise `MetricInvalid` where the event lacks the field, or keeps it to itself."""
    if not sends(event, field):
        raise MetricInvalid(f"{metric.name} counts {field}, which {event.name} does not send")
