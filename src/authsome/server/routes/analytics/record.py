"""Whether everything was recorded, for admins: the inventory of events, and comparing the records."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from authsome.runtime.analytics import (
    NumbersNotKept,
    ReconcileBusy,
    list_inventory,
    read_last_rebuild,
    read_reconciliation,
    start_comparison,
    start_rebuild,
)
from authsome.server.callers import ActingAdmin
from authsome.server.reference.refusals import refusals
from authsome.server.routes.body import Body, Document, Instant
from authsome.server.state import Rt

router = APIRouter(prefix="/api/analytics", tags=["analytics"])


class Known(Document):
    """One event, as the code has it and as it was seen here. `set_aside` counts its dead letters."""

    name: str
    old_name: str | None
    subject: str | None
    use_cases: list[str]
    shown_by: list[str]
    audit_only: str | None
    count: int
    last_seen: Instant | None
    last_delivered: Instant | None
    set_aside: int


class Counted(Document):
    """How often two records differ in one way about one event."""

    kind: str
    event: str
    count: int


class Example(Document):
    """One difference, and the id that leads to it."""

    layer: str
    kind: str
    event: str
    day: date
    about: str
    detail: str


class Compared(Document):
    """Two records of the same. `skipped` says why they were not compared; `examples` are a few."""

    layer: str
    compared: int
    explained: int
    skipped: str | None
    notes: list[str]
    differences: list[Counted]
    days: dict[date, int]
    examples: list[Example]


class ComparisonReport(Document):
    """Everything that was compared, up to the position `upto` of the log."""

    since: Instant | None
    begun_at: Instant
    ended_at: Instant
    upto: int
    differs: bool
    repairable: int
    layers: list[Compared]


class UnderWay(Document):
    """What is being done, and how many facts, rows and numbers were looked at for it."""

    id: str
    task: str
    since: Instant | None
    looked_at: int


class Mended(Document):
    """Facts written, whether numbers were made anew, and lost facts that go again."""

    written: int
    rebuilt: bool
    sent_again: int


class Ended(Document):
    """What was done last, and why it failed if it did."""

    id: str
    task: str
    ended_at: Instant
    failed: str | None
    mended: Mended | None = None


class Reconciliation(Document):
    """The state of comparing and mending."""

    under_way: UnderWay | None
    last: Ended | None
    report: ComparisonReport | None


class ComparisonBegun(Document):
    """The id of what was asked for, or of the same that was under way."""

    id: str


class Comparison(Body):
    """What to compare: all of it, or what happened from a day on (UTC)."""

    since: Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2100, 1, 1))] | None = None


class Rebuild(Document):
    """Numbers that are made anew: `folded` facts of `facts`, until it is no longer `under_way`."""

    id: str
    asked_at: Instant
    under_way: bool
    facts: int
    folded: int


class Rebuilds(Document):
    """The last rebuild that was asked for, null where nobody asked for one yet."""

    last: Rebuild | None


@router.get("/inventory", response_model=list[Known])
async def inventory(runtime: Rt, _admin: ActingAdmin) -> list[dict[str, Any]]:
    """Every event: old name, subject, use cases, tiles or why there are none, and what became of it here."""
    return await list_inventory(runtime)


@router.post("/reconcile", response_model=ComparisonBegun, responses=refusals(ReconcileBusy))
async def compare(body: Comparison, runtime: Rt, admin: ActingAdmin) -> dict[str, str]:
    """Have registry, log, rollups and PostHog compared, in the background; `GET` says what came of it."""
    since = datetime.combine(body.since, time.min, UTC) if body.since else None
    return {"id": await start_comparison(runtime, admin, since=since)}


@router.get("/reconcile", response_model=Reconciliation)
async def reconciliation(runtime: Rt, _admin: ActingAdmin) -> dict[str, Any]:
    """What is under way, what was done last, and the last comparison."""
    return await read_reconciliation(runtime)


@router.post("/rebuild", response_model=Rebuild, responses=refusals(NumbersNotKept))
async def rebuild(runtime: Rt, admin: ActingAdmin) -> dict[str, Any]:
    """Have all numbers made anew from the log, or join who does; `GET` says how far it is."""
    return await start_rebuild(runtime, admin)


@router.get("/rebuild", response_model=Rebuilds)
async def last_rebuild(runtime: Rt, _admin: ActingAdmin) -> dict[str, Any]:
    """How far the last rebuild is."""
    return await read_last_rebuild(runtime)
