"""The admin's two pages of numbers: the dashboard, and what telemetry sends and has sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from authsome.server.web.pages.frame import Area, Badge, Form, Page
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryPage(Page):
    """Whether events leave, why, and how far behind the sending is.

    `host` is None where nothing may leave. `waiting` is the number of facts that were not looked at yet,
    `last_answer` what the host said to the last batch, `paused` why nothing is sent for now. `refused` counts
    all dead letters, of which `dead_letters` are the latest; `dropped` the uses that were not counted.
    """

    template: ClassVar[str] = "telemetry.html"
    area: ClassVar[Area | None] = Area.ANALYTICS
    mode: Badge
    why: str
    since: datetime | None
    host: str | None
    waiting: int
    last_answer: str | None
    last_answer_at: datetime | None
    paused: str | None
    resumes_at: datetime | None
    refused: int
    dropped: int
    dead_letters: tuple[DeadLetters, ...] = ()
    guide_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPastPage(Page):
    """Asks whether facts from before the consent may leave, or says that they do. Sends `password`."""

    template: ClassVar[str] = "export_past.html"
    area: ClassVar[Area | None] = Area.ANALYTICS
    form: Form
    since: str
    facts: int
    host: str
    is_done: bool = False
