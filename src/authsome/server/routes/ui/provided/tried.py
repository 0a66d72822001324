"""Test a provider from its page: what `authsome providers test` does."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.connection.errors import ConnectionUnclear
from authsome.runtime.providers.probe import Report, TooManyTests, probe_provider
from authsome.runtime.providers.steps import Outcome
from authsome.server.forms import refused
from authsome.server.routes.ui.provided.definition import ONE, provider_page
from authsome.server.visit import SignedIn, SignedInForm
from authsome.server.web.pages import Badge, TestedPart, TestedRow, Tone

router = APIRouter(include_in_schema=False)
TONES = {Outcome.PASSED: Tone.GOOD, Outcome.FAILED: Tone.BAD, Outcome.SKIPPED: Tone.QUIET}


@router.post(f"{ONE}/test")
async def test(name: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Ask the provider's own addresses, with one's default connection if there is one."""
    page = await provider_page(visit, name)
    try:
        report = await probe_provider(visit.runtime, visit.caller, name=page.key, connection=None)
    except (TooManyTests, ConnectionUnclear) as error:
        return visit.show(replace(page, test=refused(page.test, error)), error=error)
    return visit.show(replace(page, tested=_part(report)))


def _part(report: Report) -> TestedPart:
    rows = (
        TestedRow(
            state=Badge(text=step.outcome.value, tone=TONES[step.outcome]),
            what=step.what.replace("_", " "),
            about=step.about,
            detail=step.detail,
            advice=step.advice,
        )
        for step in report.steps
    )
    return TestedPart(passed=report.passed, connection=report.connection, steps=tuple(rows))
