"""Every event there is, and what has become of it here: the answer to "do we track this?".

What the code says (old name, subject, use case, tiles) stands beside what this database says (how often, when
last, and whether PostHog took it).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from authsome.analytics.catalogued import catalogued
from authsome.analytics.recorded import recorded_by
from authsome.kit.clock import rfc3339
from authsome.store.books.books import Books
from authsome.store.tables.ledger import dead_letter
from authsome.store.tables.log import event_log
from authsome.store.transactions import Store
from authsome.store.view import View
from authsome.telemetry.consent import cursor_name
from authsome.telemetry.consent.windows import CONTINUES, REACHES_BACK
from authsome.telemetry.sinks.posthog import NAME

MOST_LETTERS = 5_000  # the newest; more than a few are a fault that the telemetry page shows


@dataclass(frozen=True, slots=True)
class Lane:
    """How far the relay to PostHog is, and the positions that it has set aside."""

    position: int
    set_aside: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the log says of one event. `delivered_at` is the time of the last fact that the relay sent."""

    count: int
    last_at: datetime
    delivered_at: datetime | None
    set_aside: int


async def inventory(store: Store) -> list[dict[str, Any]]:
    """One entry for each event, in alphabetical order. Events of another version come last, by name alone."""
    lane = await store.keep(_lane)
    seen = await store.read(lambda view: _seen(view, lane))
    uses = await asyncio.to_thread(recorded_by)  # reads source files, once
    entries = []
    for event in catalogued():
        name = event["name"]
        entries.append(
            {
                "name": name,
                "old_name": event["old_name"],
                "subject": event["subject"],
                "use_cases": list(uses.get(name, ())),
                "shown_by": event["tiles"],
                "audit_only": None if event["tiles"] else event["purpose"].removeprefix("audit only: "),
                **_here(seen.pop(name, None)),
            }
        )
    return [*entries, *(_unknown(name, found) for name, found in sorted(seen.items()))]


def _lane(books: Books) -> Lane:
    cursor = books.cursors.find(cursor_name(NAME))
    letters = select(dead_letter.c.position).where(dead_letter.c.sink == NAME)
    newest = books.connection.execute(letters.order_by(dead_letter.c.position.desc()).limit(MOST_LETTERS))
    return Lane(cursor.position if cursor else 0, tuple(newest.scalars()))


def _seen(view: View, lane: Lane) -> dict[str, Seen]:
    t = event_log.c
    query = select(t.name, func.count(), func.max(t.occurred_at)).group_by(t.name)
    refused = select(t.name, func.count()).where(t.position.in_(lane.set_aside)).group_by(t.name)
    kept_back = {name: int(count) for name, count in view.connection.execute(refused)}
    delivered = _delivered(view, lane)
    return {
        name: Seen(int(count), last, delivered.get(name), kept_back.get(name, 0))
        for name, count, last in view.connection.execute(query)
    }


def _delivered(view: View, lane: Lane) -> dict[str, datetime]:
    """The last fact of each event that may leave, that the relay is past, and that it has not set aside."""
    t = event_log.c
    found: dict[str, datetime] = {}
    for window in view.consent_windows.list_for(NAME):
        upto = lane.position if window.closed_position is None else min(lane.position, window.closed_position)
        query = select(t.name, func.max(t.occurred_at)).where(
            t.position > window.opened_position, t.position <= upto, t.position.not_in(lane.set_aside)
        )
        if not (window.settings.get(REACHES_BACK) or window.settings.get(CONTINUES)):
            query = query.where(t.occurred_at >= window.created_at)
        for name, last in view.connection.execute(query.group_by(t.name)):
            found[name] = max(last, found.get(name, last))
    return found


def _here(seen: Seen | None) -> dict[str, Any]:
    return {
        "count": seen.count if seen else 0,
        "last_seen": rfc3339(seen.last_at) if seen else None,
        "last_delivered": rfc3339(seen.delivered_at) if seen and seen.delivered_at else None,
        "set_aside": seen.set_aside if seen else 0,
    }


def _unknown(name: str, seen: Seen) -> dict[str, Any]:
    """An event that another version of Authsome wrote."""
    nothing: dict[str, Any] = {
        "old_name": None,
        "subject": None,
        "use_cases": [],
        "shown_by": [],
        "audit_only": "this version does not know it",
    }
    return {"name": name, **nothing, **_here(seen)}
