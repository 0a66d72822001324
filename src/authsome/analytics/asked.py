"""What is asked of a dashboard: which days, in which buckets, and about whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from authsome.analytics.metric import Bucket, Metric, MetricInvalid

MOST_DAYS = 730  # one number per line and day: enough for two years, and an answer below a megabyte


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`days` up to `until`, which is today unless said; at least one, at most `MOST_DAYS`.

    Buckets are shown whole, so the days may begin earlier and end later, but not after today. `provider`
    and `identity` (a handle) narrow what can be narrowed.
    """

    days: int = 30
    until: date | None = None
    bucket: Bucket = Bucket.DAY
    provider: str = ""
    identity: str = ""

    def span(self, today: date, zone: ZoneInfo) -> Span:
        """The days, where today is that day."""
        until = min(self.until or today, today)
        days = max(1, min(self.days, MOST_DAYS))
        first = self.bucket.start(until - timedelta(days=days - 1))
        last = self.bucket.after(self.bucket.start(until)) - timedelta(days=1)
        last = min(last, today)
        return Span(first, last, self.bucket, zone, is_over=last < today)


@dataclass(frozen=True)
class Span:
    """Whole buckets of days, but for the last, which is still going on unless the span `is_over`."""

    first: date
    last: date
    bucket: Bucket = Bucket.DAY
    zone: ZoneInfo = ZoneInfo("UTC")  # noqa: RUF009  # without state, and the same object each time
    is_over: bool = True

    @cached_property
    def buckets(self) -> tuple[date, ...]:
        """The first day of each."""
        starts = [self.bucket.start(self.first)]
        while (following := self.bucket.after(starts[-1])) <= self.last:
            starts.append(following)
        return tuple(starts)

    @property
    def before(self) -> Span:
        """As many days, right before."""
        length = self.last - self.first + timedelta(days=1)
        return Span(self.first - length, self.first - timedelta(days=1), self.bucket, self.zone)

    @property
    def buckets_before(self) -> Span:
        """As many buckets, right before."""
        first = self.bucket.back(self.buckets[0], len(self.buckets))
        return Span(first, self.buckets[0] - timedelta(days=1), self.bucket, self.zone)

    def instants(self) -> tuple[datetime, datetime]:
        """When the first day begins, and when the last is over."""
        return begin(self.first, self.zone), begin(self.last + timedelta(days=1), self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Whose facts count: all, or those of one provider, identity or principal, or of several of these."""

    provider: str = ""
    identity: str = ""
    principal: str = ""

    def applied_to(self, metric: Metric) -> Narrowing:
        """Without what the metric cannot be narrowed by.

        But what is one principal's is never widened to what is everybody's: raises `MetricInvalid`.
        """
        if self.principal and not metric.by_principal:
            raise MetricInvalid(f"{metric.name} cannot be narrowed to one principal")
        return Narrowing(
            provider=self.provider if metric.by_provider else "",
            identity=self.identity if metric.by_identity else "",
            principal=self.principal,
        )

    def ignored_by(self, metric: Metric) -> tuple[str, ...]:
        """The names of what it cannot be narrowed by."""
        kept = self.applied_to(metric)
        names = ("provider", "identity")
        return tuple(name for name in names if getattr(self, name) and not getattr(kept, name))

    def __bool__(self) -> bool:
        return bool(self.provider or self.identity or self.principal)


ALL = Narrowing()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which days, and whose facts."""

    span: Span
    narrowing: Narrowing = ALL


def begin(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which the day begins there. UTC, so that it can be compared and stored."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
