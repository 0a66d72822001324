"""What all tiles of a page have in common: the period, the bucket, and what people call things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from authsome.analytics.answers import DashboardAnswer
from authsome.server.web.filters import plain_day

NOT_SAID = "not said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`names` says how people know the providers; `buckets` are their first days, of which the last may
    not be over (`unfinished`)."""

    since: date
    until: date
    bucket: str
    buckets: tuple[date, ...]
    time_zone: str
    unfinished: bool
    up_to_now: bool
    names: Mapping[str, str]
    filtered: bool = False

    @property
    def length(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def period(self) -> str:
        """`in the last 30 days`, or from when to when where it ended before today."""
        if self.up_to_now:
            return f"in the last {self.length} days" if self.length > 1 else "today"
        if self.length == 1:
            return f"on {plain_day(self.since)}"
        return f"from {plain_day(self.since)} to {plain_day(self.until)}"

    @property
    def before(self) -> str:
        """The period that it is compared with."""
        return f"in the {self.length} days before" if self.length > 1 else "the day before"

    @property
    def end(self) -> str:
        """The moment of what stands: now, or the end of the last day."""
        return "now" if self.up_to_now else f"at the end of {plain_day(self.until)}"

    @property
    def end_before(self) -> str:
        return f"at the end of {plain_day(self.since - timedelta(days=1))}"

    @property
    def per(self) -> str:
        return f"each {self.bucket}"

    @property
    def this_bucket(self) -> str:
        """The bucket that is not over."""
        return "today" if self.bucket == "day" else f"this {self.bucket}"

    @property
    def column(self) -> str:
        """The head of the column of days."""
        name = {"day": "Day", "week": "Week from", "month": "Month from"}[self.bucket]
        return f"{name} ({self.time_zone})"

    def called(self, dimension: str, name: str) -> str:
        """A value of a dimension as people say it."""
        if not name:
            return NOT_SAID
        if dimension == "provider":
            return self.names.get(name, name)
        return name.replace("_", " ")


def scene_of(answer: DashboardAnswer, names: Mapping[str, str]) -> Scene:
    """The scene of an answer."""
    today = answer.as_of.astimezone(ZoneInfo(answer.time_zone)).date()
    return Scene(
        since=answer.since,
        until=answer.until,
        bucket=answer.bucket,
        buckets=answer.buckets,
        time_zone=answer.time_zone,
        unfinished=not answer.until < today,
        up_to_now=answer.until >= today,
        names=names,
        filtered=any(answer.filters.values()),
    )
