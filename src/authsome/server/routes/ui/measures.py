"""The admin's pages of numbers: the dashboard, and what telemetry does.

The numbers come from the runtime as plain values; a route may not ask analytics or telemetry itself.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.provider.find import list_providers
from authsome.runtime.telemetry import telemetry_status
from authsome.server.forms import sentence
from authsome.server.visit import Admin
from authsome.server.web import paths
from authsome.server.web.adoption import adoption_page
from authsome.server.web.pages import RANGES, Badge, DeadLetters, TelemetryPage, Tone

router = APIRouter(include_in_schema=False)

USUAL_DAYS = 30
MODES = {
    "on": Badge(text="on", tone=Tone.GOOD),
    "log": Badge(text="log only", tone=Tone.WAIT),
    "local": Badge(text="local", tone=Tone.QUIET),
    "off": Badge(text="off", tone=Tone.QUIET),
}
WHAT = {
    "on": "Events are sent",
    "log": "Nothing leaves, and what would be sent is written to the server's log",
    "local": "Nothing leaves",
    "off": "Nothing leaves, and nothing is counted",
}


@router.get(paths.ANALYTICS)
async def analytics(visit: Admin, days: str = "") -> Response:
    """The adoption dashboard over one of the ranges; any other number means the usual one."""
    runtime = visit.runtime
    span = int(days) if days in {str(known) for known in RANGES} else USUAL_DAYS
    answer = await runtime.analytics.adoption(span)
    known = await runtime.store.read(list_providers)
    names = {provider.name: provider.display_name for provider in known}
    return visit.show(adoption_page(answer, provider_names=names))


@router.get(paths.TELEMETRY)
async def telemetry(visit: Admin) -> Response:
    """Whether events leave, why, and how far behind the sending is."""
    return visit.show(_telemetry_page(await telemetry_status(visit.runtime)))


def _telemetry_page(status: dict[str, Any]) -> TelemetryPage:
    reasons = Counter(str(letter["reason"]) for letter in status["latest_dead_letters"])
    mode = status["mode"]
    return TelemetryPage(
        mode=MODES[mode],
        why=" ".join(sentence(text) for text in (f"{WHAT[mode]}: {status['because']}", *status["warnings"])),
        since=_instant(status["since"]),
        host=status["host"] if mode == "on" else None,
        waiting=status["lag"],
        last_answer=status["last_answer"],
        last_answer_at=_instant(status["answered_at"]),
        paused=status["paused"],
        resumes_at=_instant(status["resumes_at"]),
        refused=status["dead_letters"],
        dropped=status["usage_dropped"],
        dead_letters=tuple(DeadLetters(reason=why, events=n) for why, n in reasons.most_common()),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
