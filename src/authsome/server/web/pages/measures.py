"""The admin's two pages of numbers: the dashboard, and what telemetry sends and has sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from authsome.server.web.pages.frame import Area, Badge, Page
from authsome.server.web.pages.registry import Figure
from authsome.server.web.pages.tiles import Tile

RANGES = (7, 30, 90, 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsPage(Page):
    """The adoption dashboard over the last `days` days, one of `RANGES`, in the installation's time zone."""

    template: ClassVar[str] = "analytics.html"
    area: ClassVar[Area | None] = Area.ANALYTICS
    days: int
    figures: tuple[Figure, ...]
    tiles: tuple[Tile, ...]
    time_zone: str = "UTC"
    as_of: datetime
    ranges: ClassVar[tuple[int, ...]] = RANGES


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetters:
    """Events that PostHog would not take, by reason."""

    reason: str
    events: int
    latest_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryPage(Page):
    """Whether events leave, why, and how far behind the sending is.

    `host` is None where nothing may leave. `lag` is the age of the oldest event that waits,
    `waiting` their number, `last_answer` what the host said to the last batch.
    """

    template: ClassVar[str] = "telemetry.html"
    area: ClassVar[Area | None] = Area.ANALYTICS
    mode: Badge
    why: str
    since: datetime | None
    host: str | None
    waiting: int
    lag: timedelta | None
    last_answer: Badge | None
    last_answer_at: datetime | None
    delivered: int
    dead_letters: tuple[DeadLetters, ...] = ()
    guide_url: str = ""
