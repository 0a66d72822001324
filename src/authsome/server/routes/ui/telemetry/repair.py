"""The page on which an admin has facts written, numbers made anew and lost facts sent again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.kit.errors import ConflictError, InputInvalid
from authsome.runtime.analytics import read_reconciliation, start_repair
from authsome.server.forms import refused
from authsome.server.visit import REFUSALS, Admin, SignedInForm, SignedInVisit, confirmed
from authsome.server.web import paths
from authsome.server.web.pages import Form, RepairPage

router = APIRouter(include_in_schema=False)

TASKS = ("repair", "backfill")
YEARS = range(2000, 2100)
MENDED = ("missing", "stale", "lost")


@router.get(paths.REPAIR)
async def ask(visit: Admin, task: str = "repair", since: str = "") -> Response:
    """Show what the last comparison found, and what would be done about it."""
    return visit.show(await _page(visit, task, since))


@router.post(paths.REPAIR)
async def decide(visit: Admin, fields: SignedInForm) -> Response:
    """Have it done, in the background."""
    page = await _page(visit, fields.raw("task"), fields.raw("since"))
    task = "backfill" if page.is_backfill else "repair"
    try:
        caller = await confirmed(visit, fields)
        await start_repair(visit.runtime, caller, task=task, since=_instant(page.since))
    except REFUSALS as refusal:
        return visit.show(replace(page, form=refused(page.form, refusal, at="password")), error=refusal)
    except ConflictError as busy:
        return visit.show(replace(page, form=refused(page.form, busy)), error=busy)
    return visit.show(replace(page, is_begun=True))


async def _page(visit: SignedInVisit, task: str, since: str) -> RepairPage:
    """Raises `InputInvalid`."""
    if task not in TASKS:
        raise InputInvalid("`task` is repair or backfill")
    _instant(since)
    found = (await read_reconciliation(visit.runtime))["report"]
    counts = _counts(found)
    return RepairPage(
        form=Form(action=paths.REPAIR, hidden={"task": task, "since": since}),
        is_backfill=task == "backfill",
        since=since,
        compared_at=datetime.fromisoformat(found["ended_at"]) if found else None,
        missing=counts["missing"],
        stale=counts["stale"],
        lost=counts["lost"],
        left=sum(count for kind, count in counts.items() if kind not in MENDED),
        host=visit.runtime.telemetry.host,
    )


def _counts(report: dict[str, Any] | None) -> Counter[str]:
    """How often each kind of difference was found."""
    counts: Counter[str] = Counter()
    for layer in report["layers"] if report else ():
        for one in layer["differences"]:
            counts[one["kind"]] += one["count"]
    return counts


def _instant(since: str) -> datetime | None:
    if not since:
        return None
    day: date | None
    try:
        day = date.fromisoformat(since)
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise InputInvalid("`since` is a date such as 2026-01-31")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
