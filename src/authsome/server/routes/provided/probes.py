"""Test a provider: its definition against the service, and a connection's secret against its API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from authsome.connection.errors import ConnectionMissing, ConnectionUnclear
from authsome.provider.errors import ProviderMissing
from authsome.runtime.providers.probe import TooManyTests, probe_provider
from authsome.server.callers import ActingPrincipal
from authsome.server.reference.refusals import refusals
from authsome.server.routes.body import Answer, Body
from authsome.server.routes.providers import ProviderName
from authsome.server.state import Rt

router = APIRouter(prefix="/api/providers", tags=["providers"])


class NewTest(Body):
    """With which connection of one's own; the default one, if none is named."""

    connection: Annotated[str, Field(max_length=64)] | None = None


class StepOut(Answer):
    """One thing that was looked at: `passed`, `failed` or `skipped`, and what to do about it."""

    what: str
    about: str
    outcome: str
    detail: str
    advice: str


class ReportOut(Answer):
    """Every step, in order. Nothing of a secret, and nothing that the service wrote."""

    provider: str
    connection: str | None
    passed: bool
    steps: list[StepOut]


@router.post(
    "/{name}/test", responses=refusals(ProviderMissing, ConnectionMissing, ConnectionUnclear, TooManyTests)
)
async def test(name: ProviderName, body: NewTest, runtime: Rt, *, principal: ActingPrincipal) -> ReportOut:
    """Look whether hosts and OAuth's addresses are there, and ask `check.url` with a credential."""
    report = await probe_provider(runtime, principal, name=name, connection=body.connection)
    return ReportOut(
        provider=report.provider,
        connection=report.connection,
        passed=report.passed,
        steps=[
            StepOut(
                what=step.what,
                about=step.about,
                outcome=step.outcome.value,
                detail=step.detail,
                advice=step.advice,
            )
            for step in report.steps
        ],
    )
