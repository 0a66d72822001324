"""What an operator may ask about telemetry, as plain values for the doors."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from authsome.kit.caller import Caller
from authsome.kit.clock import rfc3339
from authsome.runtime.runtime import Runtime
from authsome.telemetry import catalogue
from authsome.telemetry.consent.export_past import export_past, look_at_past
from authsome.telemetry.consent.history import Agreement, read_history
from authsome.telemetry.export import FactsUnknown, columns, facts_page, lines_page, wanted
from authsome.telemetry.mode import Mode
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.telemetry.preview import preview
from authsome.telemetry.relay.status import RelayStatus, read_health, read_status
from authsome.telemetry.sinks import FILE
from authsome.telemetry.sinks.lines import LineFormat, plain
from authsome.telemetry.sinks.posthog import NAME as POSTHOG

__all__ = [
    "FactsUnknown",
    "export_lines",
    "past_facts",
    "read_facts",
    "send_past",
    "telemetry_consent",
    "telemetry_health",
    "telemetry_preview",
    "telemetry_status",
]


async def telemetry_status(runtime: Runtime) -> dict[str, Any]:
    """Mode and why, since when, in which form, lag, last answer, pause, dead letters and drops."""
    status = await read_status(runtime.store, runtime.telemetry, sink=POSTHOG)
    dropped = await runtime.store.keep(lambda books: books.servers.dropped())
    return {
        "mode": status.mode.value,
        "because": status.because,
        "warnings": list(runtime.telemetry.warnings),
        "host": status.host,
        "since": _time(status.since),
        "pseudonyms": status.pseudonyms,
        "group": status.group,
        **_lane(status),
        "usage_dropped": dropped,
        "file": await _file_status(runtime),
    }


def _lane(status: RelayStatus) -> dict[str, Any]:
    """How one sink fares."""
    return {
        "lag": status.lag,
        "last_answer": status.last_answer,
        "answered_at": _time(status.answered_at),
        "paused": status.paused,
        "resumes_at": _time(status.resumes_at),
        "dead_letters": status.dead_letters,
        "retrying": status.retrying,
        "latest_dead_letters": [
            {"event_id": letter.event_id, "position": letter.position, "reason": letter.reason}
            for letter in status.latest_dead_letters
        ],
    }


async def _file_status(runtime: Runtime) -> dict[str, Any] | None:
    """The lane to the file, where one is named."""
    path = _file_of(runtime)
    if path is None:
        return None
    return {"path": str(path)} | _lane(await read_status(runtime.store, runtime.telemetry, sink=FILE))


def _file_of(runtime: Runtime) -> Path | None:
    """The file that facts are written to, if any."""
    return runtime.config.telemetry_settings.file if runtime.telemetry.mode is not Mode.OFF else None


async def telemetry_consent(runtime: Runtime) -> dict[str, Any]:
    """What was agreed to, and when; and what the catalogue has gained since."""
    found = await runtime.store.read(lambda view: read_history(view, POSTHOG))
    return {"catalogue_hash": catalogue.digest(), "windows": [_window(one) for one in found]}


def _window(agreement: Agreement) -> dict[str, Any]:
    window, added = agreement.window, agreement.new_since
    return {
        "id": window.id,
        "opened_at": _time(window.created_at),
        "closed_at": _time(window.ended_at),
        "behind": window.opened_position,
        "upto": window.closed_position,
        "reason": agreement.reason,
        "pseudonyms": agreement.terms.pseudonyms,
        "pseudonym_key_id": agreement.terms.key_id,
        "group": agreement.terms.group,
        "catalogue_hash": window.catalogue_hash,
        "new_events": list(added.events) if added else None,
        "new_fields": list(added.fields) if added else None,
    }


async def export_lines(runtime: Runtime, *, line_format: str, after: int, limit: int) -> dict[str, Any]:
    """Facts of the log as lines, without `Local` fields, and behind which position to go on."""
    page = await runtime.store.read(
        lambda view: lines_page(
            view,
            LineFormat(line_format),
            installation_id=runtime.store.installation_id,
            after=after,
            limit=limit,
        )
    )
    return {"lines": list(page.lines), "next": page.next}


async def read_facts(
    runtime: Runtime,
    names: Collection[str],
    *,
    since: date | None,
    until: date | None,
    after: int,
    limit: int,
) -> dict[str, Any]:
    """The next facts of these events and days, and the columns of a table of them. Raises `FactsUnknown`."""
    asked = wanted(names, since=since, until=until)
    own = runtime.store.installation_id
    page = await runtime.store.read(
        lambda view: facts_page(view, asked, installation_id=own, after=after, limit=limit)
    )
    return {
        "facts": [plain(fact) for fact in page.facts],
        "upto": page.upto,
        "head": page.head,
        "erasures": page.erasures,
        "columns": [{"name": name, "type": kind} for name, kind in columns().items()],
    }


async def telemetry_preview(runtime: Runtime) -> dict[str, Any]:
    """The exact bytes that the next request would carry, but for the key, and the window that lets them.

    `real` is false where nothing may leave: then it is an example, made of the latest facts, and there is
    no window.
    """
    key = PseudonymKey(runtime.installation_key)
    shown = await preview(runtime.store, runtime.telemetry, key=key)
    history = await runtime.store.read(lambda view: read_history(view, POSTHOG))
    current = next((one for one in history if one.window.closed_position is None), None)
    return {
        "real": shown.real,
        "facts": shown.facts,
        "body": shown.body.decode(),
        "refused": [{"event_id": refusal.event_id, "reason": refusal.reason} for refusal in shown.refused],
        "consent": _window(current) if current and shown.real else None,
    }


async def telemetry_health(runtime: Runtime, *, head: int) -> dict[str, Any]:
    """For whoever watches the server, without a signature: numbers only, and no word of what PostHog said."""
    works = {POSTHOG: runtime.telemetry.sends, FILE: _file_of(runtime) is not None}
    posthog, file = [
        await read_health(runtime.store, sink=sink, head=head, works=works[sink]) for sink in (POSTHOG, FILE)
    ]
    return {
        "mode": runtime.telemetry.mode.value,
        **asdict(posthog),
        "file": asdict(file) if works[FILE] else None,
    }


async def past_facts(runtime: Runtime, *, since: datetime) -> int:
    """How many facts from `since` on the log holds."""
    return (await runtime.store.read(lambda view: look_at_past(view, since=since))).facts


async def send_past(runtime: Runtime, caller: Caller, *, since: datetime) -> int:
    """Let the facts from `since` on leave, also those from before the consent; returns how many.

    Raises `TelemetryNotOn`.
    """
    return (await export_past(runtime.store, caller, sink=POSTHOG, since=since)).facts


def _time(moment: datetime | None) -> str | None:
    return rfc3339(moment) if moment else None
