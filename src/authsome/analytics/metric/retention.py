"""How many of those who began in the same week come back in the weeks after."""

from __future__ import annotations

from dataclasses import dataclass

from authsome.analytics.metric.active import Activity
from authsome.analytics.metric.parts import Bucket, Kind
from authsome.analytics.metric.words import Metric, needs
from authsome.kit.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention(Metric):
    """Cohorts by the bucket of their first `began` ever; who is active in a later bucket is retained in it.

    `cohorts` are as many as are shown, the last of which is the bucket of the last day shown.
    """

    began: type[Event]
    activity: Activity
    bucket: Bucket = Bucket.WEEK
    cohorts: int = 8

    def __post_init__(self) -> None:
        for event in self.events:
            needs(self, event, self.activity.field)

    @property
    def kind(self) -> Kind:
        return Kind.RETENTION

    @property
    def events(self) -> tuple[type[Event], ...]:
        return tuple(dict.fromkeys((self.began, *self.activity.events)))

    @property
    def by_provider(self) -> bool:
        return False

    @property
    def by_identity(self) -> bool:
        return False

    @property
    def by_principal(self) -> bool:
        return False
