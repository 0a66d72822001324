"""Who is using it, as plain numbers: the dashboards, for admins, and for each principal over what is theirs.

The numbers come from the runtime, ready made. Documents here say what the answer has, and no more.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BeforeValidator

from authsome.runtime.analytics import (
    MOST_DAYS,
    Asked,
    Bucket,
    read_dashboard,
    read_own_dashboard,
)
from authsome.server.callers import ActingAdmin, ActingPrincipal
from authsome.server.routes.body import Document, Instant
from authsome.server.state import Rt

router = APIRouter(prefix="/api/analytics", tags=["analytics"])

LONGEST_NAME = 100
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Headline(Document):
    """The one number of a tile, and the same of the time before; null where there was nothing to count."""

    label: str
    value: float | None
    before: float | None
    unit: str


class Line(Document):
    """One line of a tile: a number for each bucket, over all of them, and over as many days before."""

    title: str
    total: float
    before: float
    values: list[int]


class Rate(Document):
    """Shares between 0 and 1, null where there was nothing to have a share of. `beside` are the keys of lines
    that are shown without counting in them.
    """

    total: float | None
    before: float | None
    values: list[float | None]
    beside: list[str]


class Row(Document):
    """One value of a dimension, empty where facts have none."""

    name: str
    counts: dict[str, int]
    rate: float | None


class Step(Document):
    """One step of a funnel, and which share of the first step took it."""

    step: str
    title: str
    count: int
    share: float | None


class Within(Document):
    """How many took no longer than the limit."""

    limit: str
    count: int


class Times(Document):
    """How long a step of a funnel took."""

    title: str
    median_seconds: float | None
    within: list[Within]


class Cohort(Document):
    """Those who began in one week, and how many were active in it and in each week after."""

    start: date
    size: int
    retained: list[int]


class Lane(Document):
    """How far one sink is with the log."""

    name: str
    works: bool
    lag: int
    dead_letters: int
    paused: str | None
    dropped: int


class Tile(Document):
    """One metric. `kind` says which of the parts below it has; `ignores` by what it cannot be narrowed."""

    kind: str
    title: str
    question: str
    definition: str
    healthy: str
    unit: str
    line_unit: str
    headline: Headline
    lines: dict[str, Line]
    rate: Rate | None
    by: dict[str, list[Row]]
    steps: list[Step]
    times: Times | None
    cohorts: list[Cohort]
    lanes: list[Lane]
    ignores: list[str]


class Dashboard(Document):
    """A dashboard over whole buckets of days, the last of which may not be over.

    It holds for the facts up to `position`; `lag` more were in the log.
    """

    dashboard: str
    title: str
    description: str
    since: date
    until: date
    bucket: str
    buckets: list[date]
    filters: dict[str, str]
    time_zone: str
    as_of: Instant
    position: int
    lag: int
    tiles: dict[str, Tile]


def _written(value: object) -> object:
    """A day is written as one: a number would be taken for seconds since 1970."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("a day is written as 2026-11-28")
    return value


Day = Annotated[date, BeforeValidator(_written)]


def asked(
    days: Annotated[int, Query(ge=1, le=MOST_DAYS, description="How many days, up to `until`.")] = 30,
    until: Annotated[Day | None, Query(description="The last day; today unless said.")] = None,
    *,
    bucket: Annotated[Bucket, Query(description="What one number stands for.")] = Bucket.DAY,
    provider: Annotated[str, Query(max_length=LONGEST_NAME, description="Only this provider.")] = "",
    identity: Annotated[str, Query(max_length=LONGEST_NAME, description="Only this handle.")] = "",
) -> Asked:
    """What every dashboard can be asked for."""
    return Asked(days=days, until=until, bucket=bucket, provider=provider, identity=identity)


Wanted = Annotated[Asked, Depends(asked)]


@router.get("/mine", response_model=Dashboard)
async def mine(runtime: Rt, principal: ActingPrincipal, wanted: Wanted) -> dict[str, Any]:
    """What the principal's own agents and connections did: what the page `/analytics/mine` shows."""
    return await read_own_dashboard(runtime, principal, wanted)


@router.get("/adoption", response_model=Dashboard)
async def adoption(runtime: Rt, _admin: ActingAdmin, wanted: Wanted) -> dict[str, Any]:
    """Who registers, whose agents get claimed, and who comes back: what the page `/analytics` shows."""
    return await read_dashboard(runtime, "adoption", wanted)


@router.get("/reliability", response_model=Dashboard)
async def reliability(runtime: Rt, _admin: ActingAdmin, wanted: Wanted) -> dict[str, Any]:
    """Whether connecting works, what is connected, and whether agents' requests get through."""
    return await read_dashboard(runtime, "reliability", wanted)
