"""What an operator may ask about telemetry, as plain values for the doors."""

from __future__ import annotations

from typing import Any

from authsome.kit.clock import rfc3339
from authsome.runtime.runtime import Runtime
from authsome.telemetry.preview import preview
from authsome.telemetry.relay.status import read_status
from authsome.telemetry.sinks.posthog import NAME as POSTHOG


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
        "latest_dead_letters": [
            {"event_id": letter.event_id, "position": letter.position, "reason": letter.reason}
            for letter in status.latest_dead_letters
        ],
        "usage_dropped": dropped,
    }


async def telemetry_preview(runtime: Runtime) -> dict[str, Any]:
    """The exact bytes that the next request would carry, but for the key.

    `real` is false where nothing may leave: then it is an example, made of the latest facts.
    """
    shown = await preview(runtime.store, runtime.telemetry)
    return {
        "real": shown.real,
        "facts": shown.facts,
        "body": shown.body.decode(),
        "refused": [{"event_id": refusal.event_id, "reason": refusal.reason} for refusal in shown.refused],
    }
