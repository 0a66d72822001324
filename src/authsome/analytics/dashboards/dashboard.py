"""A dashboard is tiles; a tile draws one metric, or two rankings by the same dimension side by side."""

from __future__ import annotations

from dataclasses import dataclass

from authsome.analytics.metric import Counted, Kind, Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class TilePlan:
    """What one tile shows. `beside` is a second ranking, in the same rows."""

    key: str
    metric: Metric
    beside: Counted | None = None

    def __post_init__(self) -> None:
        if self.beside is None:
            return
        if not (self.metric.kind is self.beside.kind is Kind.RANKING):
            raise TypeError(f"{self.key}: only rankings stand beside each other")
        assert isinstance(self.metric, Counted)
        if self.metric.by != self.beside.by:
            raise TypeError(f"{self.key}: the two rankings have different rows")

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return (self.metric, self.beside) if self.beside else (self.metric,)


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardPlan:
    """One page of tiles that answers one set of questions."""

    name: str
    title: str
    description: str
    tiles: tuple[TilePlan, ...]
