"""The admin's page about telemetry: whether anything leaves, how that goes, and what was agreed to."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.runtime.analytics import read_reconciliation
from authsome.runtime.telemetry import telemetry_consent, telemetry_status
from authsome.server.forms import sentence
from authsome.server.visit import Admin
from authsome.server.web import paths
from authsome.server.web.pages import Badge, DeadLetters, Lane, TelemetryPage, Tone, Window

router = APIRouter(include_in_schema=False)

SHOWN = 10
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
REASONS = {
    "environment": "turned on",
    "terms": "another form",
    "catalogue": "another version",
    "past": "the past, by an admin",
    None: "",
}


@router.get(paths.TELEMETRY)
async def telemetry(visit: Admin) -> Response:
    """Whether events leave, why, how far behind the sending is, and since when what may leave."""
    status, consent = await telemetry_status(visit.runtime), await telemetry_consent(visit.runtime)
    report = (await read_reconciliation(visit.runtime))["report"]
    mode, windows, file = status["mode"], consent["windows"], status["file"]
    page = TelemetryPage(
        mode=MODES[mode],
        why=" ".join(sentence(text) for text in (f"{WHAT[mode]}: {status['because']}", *status["warnings"])),
        since=_instant(status["since"]),
        form=_form(status),
        posthog=_lane(status, to=status["host"] if mode == "on" else None, option=""),
        file=_lane(file, to=file["path"], option=" --sink file") if file else None,
        dropped=status["usage_dropped"],
        windows=tuple(_window(one) for one in windows[:SHOWN]),
        new_since=_new(windows[0]) if windows else (),
        compared_at=_instant(report["ended_at"]) if report else None,
        compared=_compared(report) if report else "",
    )
    return visit.show(page)


def _compared(report: dict[str, Any]) -> str:
    """The last comparison in a sentence."""
    counts: Counter[str] = Counter()
    for layer in report["layers"]:
        counts.update({one["kind"]: one["count"] for one in layer["differences"]})
    skipped = [layer["skipped"] for layer in report["layers"] if layer["skipped"]]
    said = ", ".join(f"{count} {kind}" for kind, count in counts.most_common()) or "nothing differs"
    return f"{said}; not all was compared: {'; '.join(skipped)}" if skipped else said


def _lane(lane: dict[str, Any], *, to: str | None, option: str) -> Lane:
    reasons = Counter(str(letter["reason"]) for letter in lane["latest_dead_letters"])
    return Lane(
        to=to,
        waiting=lane["lag"],
        last_answer=lane["last_answer"],
        last_answer_at=_instant(lane["answered_at"]),
        paused=lane["paused"],
        resumes_at=_instant(lane["resumes_at"]),
        refused=lane["dead_letters"],
        retrying=lane["retrying"],
        dead_letters=tuple(DeadLetters(reason=why, events=n) for why, n in reasons.most_common()),
        command=f"authsome telemetry dead-letters{option}",
    )


def _window(window: dict[str, Any]) -> Window:
    first, last = window["behind"] + 1, window["upto"]
    return Window(
        opened_at=_instant(window["opened_at"]),
        closed_at=_instant(window["closed_at"]),
        facts=f"{first} on" if last is None else f"{first} to {last}" if last >= first else "none",
        because=REASONS[window["reason"]],
        form=_form(window),
        catalogue=window["catalogue_hash"][:8],
    )


def _form(said: dict[str, Any]) -> str:
    ids = "keyed pseudonyms" if said["pseudonyms"] else "ids as they are"
    return f"{ids}, and a group for each principal" if said["group"] else ids


def _new(newest: dict[str, Any]) -> tuple[str, ...]:
    return (*(newest["new_events"] or ()), *(newest["new_fields"] or ()))


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
