"""Who is using it, for admins: the dashboards as plain numbers. They come from the runtime, ready made."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from authsome.server.callers import ActingAdmin
from authsome.server.routes.body import Document, Instant
from authsome.server.state import Rt

router = APIRouter(prefix="/api/analytics", tags=["analytics"])

MOST_DAYS = 730  # one number per line and day: enough for two years, and an answer below a megabyte


class Line(Document):
    """One line of a tile: a count for each day, in all of them, and in as many days before."""

    title: str
    total: int
    before: int
    values: list[int]


class Rate(Document):
    """Shares between 0 and 1, null where there was nothing to have a share of."""

    total: float | None
    before: float | None
    values: list[float | None]


class Row(Document):
    """One value of a dimension, empty where facts have none."""

    name: str
    counts: dict[str, int]
    rate: float | None


class Tile(Document):
    """One metric. `lines` by their keys, `by` with the rows of each dimension, the most first."""

    title: str
    question: str
    definition: str
    healthy: str
    unit: str
    lines: dict[str, Line]
    rate: Rate | None
    by: dict[str, list[Row]]


class Dashboard(Document):
    """A dashboard over `days`. It holds for the facts up to `position`; `lag` more were in the log."""

    dashboard: str
    title: str
    since: date
    until: date
    time_zone: str
    as_of: Instant
    position: int
    lag: int
    days: list[date]
    tiles: dict[str, Tile]


@router.get("/adoption", response_model=Dashboard)
async def adoption(
    runtime: Rt, _admin: ActingAdmin, since: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 90
) -> dict[str, Any]:
    """The adoption dashboard over the last `since` days, today included: what the page `/analytics` shows."""
    return (await runtime.analytics.adoption(since)).to_json()
