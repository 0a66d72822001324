"""The admin's two pages of numbers: the dashboard, and what telemetry sends and has sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from authsome.server.web.pages.frame import Area, Badge, Form, Page
from authsome.server.web.pages.tiles import Tile

RANGES = (7, 30, 90, 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One of several ways to look: another dashboard, another range, another bucket."""

    name: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One value of a list to choose from."""

    value: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """The form of days and filters. It is sent with GET: what it chooses is the address of the page.

    `form.sent` has what is chosen, or what was typed and could not be read. `clear` leads to the same
    without filters, where there are any.
    """

    form: Form
    providers: tuple[Option, ...]
    handles: tuple[str, ...]
    clear: Way | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardPage(Page):
    """A dashboard: the headline numbers of its tiles, and the tiles.

    `span` says which time is shown and which day it is cut by. Where the address could not be read there are
    no tiles, and `narrowing` says why. `behind` counts facts that are in the log and not in the numbers yet.
    """

    template: ClassVar[str] = "analytics.html"
    area: ClassVar[Area | None] = Area.ANALYTICS
    every_seconds: ClassVar[int] = 15  # how often an open page asks for newer numbers
    title: str
    description: str
    dashboards: tuple[Way, ...]
    ranges: tuple[Way, ...]
    buckets: tuple[Way, ...]
    narrowing: Narrowing
    span: str = ""
    notes: tuple[str, ...] = ()
    tiles: tuple[Tile, ...] = ()
    time_zone: str
    as_of: datetime
    behind: int = 0
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetters:
    """Events that PostHog would not take, by reason."""

    reason: str
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """How one sink fares. `to` is None where nothing may leave.

    `waiting` is the number of facts that were not looked at yet, `last_answer` what was said to the last
    batch, `paused` why nothing is sent for now. `refused` counts all dead letters, of which `dead_letters`
    are the latest; `command` lists them.
    """

    to: str | None
    waiting: int
    last_answer: str | None
    last_answer_at: datetime | None
    paused: str | None
    resumes_at: datetime | None
    refused: int
    retrying: int
    dead_letters: tuple[DeadLetters, ...] = ()
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A consent window: from when to when, which facts, why it was opened, and in which form they leave."""

    opened_at: datetime | None
    closed_at: datetime | None
    facts: str
    because: str
    form: str
    catalogue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryPage(Page):
    """Whether events leave, why, in which form, and how far behind the sending is.

    `file` is there where facts are written to one. `windows` are the newest ones, and `new_since` what could
    leave now and was not in the catalogue of the newest; `dropped` counts requests that were not counted.
    `compared` is what the last comparison of registry, log, numbers and PostHog found.
    """

    template: ClassVar[str] = "telemetry.html"
    area: ClassVar[Area | None] = Area.ANALYTICS
    mode: Badge
    why: str
    since: datetime | None
    form: str
    posthog: Lane
    file: Lane | None = None
    dropped: int
    windows: tuple[Window, ...] = ()
    new_since: tuple[str, ...] = ()
    compared_at: datetime | None = None
    compared: str = ""
    guide_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairPage(Page):
    """Asks whether the record may be mended, and shows what that does. Sends `password`.

    The numbers are of the last comparison, made `compared_at`; None where there was none, and then there is
    no form. `left` counts what no repair changes.
    """

    template: ClassVar[str] = "repair.html"
    area: ClassVar[Area | None] = Area.ANALYTICS
    form: Form
    is_backfill: bool
    since: str
    compared_at: datetime | None
    missing: int = 0
    stale: int = 0
    lost: int = 0
    left: int = 0
    host: str = ""
    is_begun: bool = False


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
