"""The page on which an admin lets facts from before the consent leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.kit.errors import ConflictError, InputInvalid
from authsome.runtime.telemetry import past_facts, send_past
from authsome.server.forms import refused
from authsome.server.visit import REFUSALS, Admin, SignedInForm, SignedInVisit, confirmed
from authsome.server.web import paths
from authsome.server.web.pages import ExportPastPage, Form

router = APIRouter(include_in_schema=False)


@router.get(paths.EXPORT_PAST)
async def ask(visit: Admin, since: str = "") -> Response:
    """Show how many facts it is about, and where they would go."""
    return visit.show(await _page(visit, since))


@router.post(paths.EXPORT_PAST)
async def decide(visit: Admin, fields: SignedInForm) -> Response:
    """Open the window backwards; the relay does the rest."""
    page = await _page(visit, fields.raw("since"))
    try:
        caller = await confirmed(visit, fields)
        facts = await send_past(visit.runtime, caller, since=_instant(page.since))
    except REFUSALS as refusal:
        return visit.show(replace(page, form=refused(page.form, refusal, at="password")), error=refusal)
    except ConflictError as off:
        return visit.show(replace(page, form=refused(page.form, off)), error=off)
    return visit.show(replace(page, facts=facts, is_done=True))


async def _page(visit: SignedInVisit, since: str) -> ExportPastPage:
    """Raises `InputInvalid`."""
    facts = await past_facts(visit.runtime, since=_instant(since))
    form = Form(action=paths.EXPORT_PAST, hidden={"since": since})
    return ExportPastPage(form=form, since=since, facts=facts, host=visit.runtime.telemetry.host)


def _instant(since: str) -> datetime:
    try:
        day = date.fromisoformat(since)
    except ValueError:
        raise InputInvalid("`since` is a date such as 2026-01-31") from None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
