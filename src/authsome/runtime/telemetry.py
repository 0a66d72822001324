"""What an operator may ask about telemetry, as plain values for the doors."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from authsome.kit.caller import Caller
from authsome.kit.clock import rfc3339
from authsome.runtime.runtime import Runtime
from authsome.store.books.dead_letters import LetterState
from authsome.telemetry.consent.export_past import export_past, look_at_past
from authsome.telemetry.mode import Mode
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.telemetry.preview import preview
from authsome.telemetry.relay.status import read_health, read_status
from authsome.telemetry.sinks.file import NAME as FILE
from authsome.telemetry.sinks.lines import LineFormat, export_page
from authsome.telemetry.sinks.posthog import NAME as POSTHOG

LOGGER = logging.getLogger("authsome.telemetry")


async def telemetry_status(runtime: Runtime) -> dict[str, Any]:
    """Mode and why, since when, lag, last answer, pause, dead letters and drops, at a glance."""
    status = await read_status(runtime.store, runtime.telemetry, sink=POSTHOG)
    dropped = await runtime.store.keep(lambda books: books.servers.dropped())
    return {
        "mode": status.mode.value,
        "because": status.because,
        "warnings": list(runtime.telemetry.warnings),
        "host": status.host,
        "since": rfc3339(status.since) if status.since else None,
        "lag": status.lag,
        "last_answer": status.last_answer,
        "answered_at": rfc3339(status.answered_at) if status.answered_at else None,
        "paused": status.paused,
        "resumes_at": rfc3339(status.resumes_at) if status.resumes_at else None,
        "dead_letters": status.dead_letters,
        "retrying": status.retrying,
        "latest_dead_letters": [
            {"event_id": letter.event_id, "position": letter.position, "reason": letter.reason}
            for letter in status.latest_dead_letters
        ],
        "usage_dropped": dropped,
        "file": await _file_status(runtime),
    }


async def _file_status(runtime: Runtime) -> dict[str, Any] | None:
    """The lane to the file, where one is named."""
    path = runtime.config.telemetry_settings.file
    if path is None or runtime.telemetry.mode is Mode.OFF:
        return None
    lane = await read_status(runtime.store, runtime.telemetry, sink=FILE)
    return {"path": str(path), "lag": lane.lag, "last_answer": lane.last_answer, "paused": lane.paused}


async def export_facts(runtime: Runtime, *, line_format: str, after: int, limit: int) -> dict[str, Any]:
    """Facts of the log as lines, without `Local` fields, and behind which position to go on."""
    page = await runtime.store.read(
        lambda view: export_page(
            view,
            LineFormat(line_format),
            installation_id=runtime.store.installation_id,
            after=after,
            limit=limit,
        )
    )
    return {"lines": list(page.lines), "next": page.next}


async def telemetry_preview(runtime: Runtime) -> dict[str, Any]:
    """The exact bytes that the next request would carry, but for the key.

    `real` is false where nothing may leave: then it is an example, made of the latest facts.
    """
    key = PseudonymKey(runtime.installation_key)
    shown = await preview(runtime.store, runtime.telemetry, key=key)
    return {
        "real": shown.real,
        "facts": shown.facts,
        "body": shown.body.decode(),
        "refused": [{"event_id": refusal.event_id, "reason": refusal.reason} for refusal in shown.refused],
    }


async def telemetry_health(runtime: Runtime, *, head: int) -> dict[str, Any]:
    """For whoever watches the server, without a signature: numbers only, and no word of what PostHog said."""
    health = await read_health(runtime.store, runtime.telemetry, sink=POSTHOG, head=head)
    return {
        "mode": runtime.telemetry.mode.value,
        "lag": health.lag,
        "paused": health.paused,
        "dead_letters": health.dead_letters,
    }


async def list_dead_letters(runtime: Runtime, *, after: int, limit: int) -> list[dict[str, Any]]:
    """Facts that PostHog refused for good, behind the log position `after`."""
    letters = await runtime.store.keep(
        lambda books: books.dead_letters.list(POSTHOG, limit=limit, after=after)
    )
    return [
        {
            "event_id": letter.event_id,
            "position": letter.position,
            "reason": letter.reason,
            "state": letter.state.value,
            "refused_at": rfc3339(letter.created_at),
        }
        for letter in letters
    ]


async def retry_dead_letters(runtime: Runtime, caller: Caller, event_ids: Sequence[str] | None) -> int:
    """Put these (all, for None) back for sending, under the uuid and time that they had; returns how many."""
    return await _decide(runtime, caller, LetterState.RETRYING, event_ids)


async def drop_dead_letters(runtime: Runtime, caller: Caller, event_ids: Sequence[str] | None) -> int:
    """Give these (all, for None) up. A note stays, so that a fact that never left is no riddle later."""
    return await _decide(runtime, caller, LetterState.DROPPED, event_ids)


async def _decide(
    runtime: Runtime, caller: Caller, state: LetterState, event_ids: Sequence[str] | None
) -> int:
    caller.require_admin()
    count = await runtime.store.keep(
        lambda books: books.dead_letters.decide(POSTHOG, state, event_ids=event_ids)
    )
    LOGGER.info("%s put %d dead letters into the state %s", caller.id, count, state)
    return count


async def past_facts(runtime: Runtime, *, since: datetime) -> int:
    """How many facts from `since` on the log holds."""
    return (await runtime.store.read(lambda view: look_at_past(view, since=since))).facts


async def send_past(runtime: Runtime, caller: Caller, *, since: datetime) -> int:
    """Let the facts from `since` on leave, also those from before the consent; returns how many.

    Raises `TelemetryNotOn`.
    """
    return (await export_past(runtime.store, caller, sink=POSTHOG, since=since)).facts
