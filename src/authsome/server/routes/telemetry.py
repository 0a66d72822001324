"""Telemetry, for those who run the server: its state, and what would leave."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from authsome.runtime.telemetry import (
    drop_dead_letters,
    export_facts,
    list_dead_letters,
    retry_dead_letters,
    telemetry_preview,
    telemetry_status,
)
from authsome.server.callers import ActingAdmin
from authsome.server.routes.body import Body
from authsome.server.state import Rt

router = APIRouter(prefix="/api/telemetry", tags=["telemetry"])

LAST_POSITION = 2**63 - 1  # of a log's positions
PAGE = 100
EXPORT_PAGE = 1_000
Position = Annotated[int, Query(ge=0, le=LAST_POSITION)]
EventId = Annotated[str, Field(max_length=64, pattern=r"^evt_[0-9a-z]{1,40}$")]


class Letters(Body):
    """Which dead letters; all of them, if none is named."""

    event_ids: Annotated[list[EventId] | None, Field(min_length=1, max_length=1_000)] = None


@router.get("/status")
async def status(runtime: Rt, _admin: ActingAdmin) -> dict[str, Any]:
    """Mode and why, since when, lag, last answer, dead letters, drops."""
    return await telemetry_status(runtime)


@router.get("/preview")
async def preview(runtime: Rt, _admin: ActingAdmin) -> dict[str, Any]:
    """The exact bytes that the next request to PostHog would carry, but for the key."""
    return await telemetry_preview(runtime)


@router.get("/export")
async def export(
    runtime: Rt,
    _admin: ActingAdmin,
    *,
    line_format: Annotated[Literal["jsonl", "cloudevents"], Query(alias="format")] = "jsonl",
    after: Position = 0,
) -> dict[str, Any]:
    """A thousand facts behind the log position `after`, each as one line, and where to go on."""
    return await export_facts(runtime, line_format=line_format, after=after, limit=EXPORT_PAGE)


@router.get("/dead-letters")
async def dead_letters(runtime: Rt, _admin: ActingAdmin, after: Position = 0) -> list[dict[str, Any]]:
    """Facts that were refused for good, with the reason, a hundred behind the log position `after`."""
    return await list_dead_letters(runtime, after=after, limit=PAGE)


@router.post("/dead-letters/retry")
async def retry(body: Letters, runtime: Rt, admin: ActingAdmin) -> dict[str, int]:
    """Put dead letters back for sending; what had arrived already is not counted twice."""
    return {"changed": await retry_dead_letters(runtime, admin, body.event_ids)}


@router.post("/dead-letters/drop")
async def drop(body: Letters, runtime: Rt, admin: ActingAdmin) -> dict[str, int]:
    """Give dead letters up: they are not shown and never sent again."""
    return {"changed": await drop_dead_letters(runtime, admin, body.event_ids)}
