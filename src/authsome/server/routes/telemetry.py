"""Telemetry, for those who run the server: its state, and what would leave."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from authsome.runtime.dead_letters import drop_dead_letters, list_dead_letters, retry_dead_letters
from authsome.runtime.telemetry import (
    FactsUnknown,
    export_lines,
    read_facts,
    telemetry_consent,
    telemetry_preview,
    telemetry_status,
)
from authsome.server.callers import ActingAdmin
from authsome.server.reference.refusals import refusals
from authsome.server.routes.body import Answer, Body, Document, Instant
from authsome.server.state import Rt

router = APIRouter(prefix="/api/telemetry", tags=["telemetry"])

LAST_POSITION = 2**63 - 1  # of a log's positions
PAGE = 100
EXPORT_PAGE = 1_000
MOST_EVENTS = 100
Position = Annotated[int, Query(ge=0, le=LAST_POSITION)]
Sink = Literal["posthog", "file"]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2100, 1, 1))]
EventName = Annotated[str, Field(max_length=64, pattern=r"^[a-z_]+$")]
EventId = Annotated[str, Field(max_length=64, pattern=r"^evt_[0-9a-z]{1,40}$")]


class Letters(Body):
    """Which dead letters of which sink; all of them, if none is named."""

    sink: Sink = "posthog"
    event_ids: Annotated[list[EventId] | None, Field(min_length=1, max_length=1_000)] = None


class Fact(Document):
    """What of one fact may leave. `subject` is whom it is about; `fields` has what its event has."""

    position: int
    id: str
    uuid: str
    event: str
    time: Instant
    subject: str
    fields: dict[str, Any]


class FactColumn(Document):
    """A column of a table of facts: one that every fact has, or a field of some events."""

    name: str
    type: str


class Facts(Document):
    """A page: all up to the position `upto` was looked at, of a log that ends at `head`.

    Where `erasures` or `columns` differ between two pages, somebody was erased or the server upgraded in
    between: whoever wants one truth begins again.
    """

    facts: list[Fact]
    upto: int
    head: int
    erasures: int
    columns: list[FactColumn]


class LatestLetter(Document):
    """A fact that was refused for good."""

    event_id: str
    position: int
    reason: str


class DeadLetter(LatestLetter):
    """The same, with what has become of it."""

    state: str
    refused_at: Instant


class Lane(Document):
    """How one sink fares."""

    lag: int
    last_answer: str | None
    answered_at: Instant | None
    paused: str | None
    resumes_at: Instant | None
    dead_letters: int
    retrying: int
    latest_dead_letters: list[LatestLetter]


class FileLane(Lane):
    """The lane to the file of `AUTHSOME_TELEMETRY_FILE`."""

    path: str


class Status(Lane):
    """How telemetry fares. `usage_dropped` counts uses that were not counted since the servers started.

    `pseudonyms` and `group` say in which form the next fact leaves, or would.
    """

    mode: str
    because: str
    warnings: list[str]
    host: str
    since: Instant | None
    pseudonyms: bool
    group: bool
    usage_dropped: int
    file: FileLane | None


class Window(Document):
    """A consent window: facts behind one position, up to another (null: it is open), and their form.

    `new_events` and `new_fields` could leave today and could not when it was opened; null if that is unknown.
    """

    id: str
    opened_at: Instant
    closed_at: Instant | None
    behind: int
    upto: int | None
    reason: str | None
    pseudonyms: bool
    pseudonym_key_id: str | None
    group: bool
    catalogue_hash: str
    new_events: list[str] | None
    new_fields: list[str] | None


class History(Document):
    """All consent windows, and the hash of the catalogue of this version."""

    catalogue_hash: str
    windows: list[Window]


class Refused(Document):
    """A fact that would not be sent, and why."""

    event_id: str
    reason: str


class Preview(Document):
    """What the next request would carry, and under which window.

    `real` is false for an example, where nothing may leave.
    """

    real: bool
    facts: int
    body: str
    refused: list[Refused]
    consent: Window | None


class Export(Document):
    """Facts as lines, and behind which position to go on; null at the end of the log."""

    lines: list[str]
    next: int | None


class Changed(Answer):
    """How many dead letters were found in a state in which that could be done."""

    changed: int


@router.get("/status", response_model=Status)
async def status(runtime: Rt, _admin: ActingAdmin) -> dict[str, Any]:
    """Mode and why, since when, lag, last answer, dead letters, drops."""
    return await telemetry_status(runtime)


@router.get("/consent", response_model=History)
async def consent(runtime: Rt, _admin: ActingAdmin) -> dict[str, Any]:
    """Every consent window, the newest first: when, which facts, in which form, under which catalogue."""
    return await telemetry_consent(runtime)


@router.get("/preview", response_model=Preview)
async def preview(runtime: Rt, _admin: ActingAdmin) -> dict[str, Any]:
    """The exact bytes that the next request to PostHog would carry, but for the key."""
    return await telemetry_preview(runtime)


@router.get("/export", response_model=Export)
async def export(
    runtime: Rt,
    _admin: ActingAdmin,
    *,
    line_format: Annotated[Literal["jsonl", "cloudevents"], Query(alias="format")] = "jsonl",
    after: Position = 0,
) -> dict[str, Any]:
    """A thousand facts behind the log position `after`, each as one line, and where to go on."""
    return await export_lines(runtime, line_format=line_format, after=after, limit=EXPORT_PAGE)


@router.get("/facts", response_model=Facts, responses=refusals(FactsUnknown))
async def facts(
    runtime: Rt,
    _admin: ActingAdmin,
    *,
    after: Position = 0,
    event: Annotated[list[EventName] | None, Query(max_length=MOST_EVENTS)] = None,
    since: Day | None = None,
    until: Day | None = None,
) -> dict[str, Any]:
    """Up to a thousand facts behind the log position `after`: of these events, on these days in UTC.

    A page may be empty before the log ends: go on behind `upto` until it is `head`.
    """
    return await read_facts(runtime, event or (), since=since, until=until, after=after, limit=EXPORT_PAGE)


@router.get("/dead-letters", response_model=list[DeadLetter])
async def dead_letters(
    runtime: Rt, _admin: ActingAdmin, *, sink: Sink = "posthog", after: Position = 0
) -> list[dict[str, Any]]:
    """Facts that were refused for good, with the reason, a hundred behind the log position `after`."""
    return await list_dead_letters(runtime, sink, after=after, limit=PAGE)


@router.post("/dead-letters/retry")
async def retry(body: Letters, runtime: Rt, admin: ActingAdmin) -> Changed:
    """Put dead letters back for sending; what had arrived already is not counted twice."""
    changed = await retry_dead_letters(runtime, admin, body.sink, event_ids=body.event_ids)
    return Changed(changed=changed)


@router.post("/dead-letters/drop")
async def drop(body: Letters, runtime: Rt, admin: ActingAdmin) -> Changed:
    """Give dead letters up: they are not shown and never sent again."""
    changed = await drop_dead_letters(runtime, admin, body.sink, event_ids=body.event_ids)
    return Changed(changed=changed)
