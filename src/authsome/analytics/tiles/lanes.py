"""The tile of the sinks: read from their cursors and dead letters."""

from __future__ import annotations

from typing import Any

from authsome.analytics.answers import HeadlineAnswer, LaneAnswer
from authsome.analytics.metric import Unit
from authsome.store.books.books import Books
from authsome.store.books.dead_letters import LetterState
from authsome.telemetry.consent import cursor_name
from authsome.telemetry.relay.notes import Notes
from authsome.telemetry.sinks import FILE
from authsome.telemetry.sinks.posthog import NAME as POSTHOG

NAMES = {POSTHOG: "PostHog", FILE: "File"}
HERE = "analytics"  # the rollups' own cursor
COUNTING = "Counting of use"  # before the log: what it drops never becomes a fact


def lane_numbers(books: Books, head: int) -> dict[str, Any]:
    """How far the rollups and each sink are. The headline is all that waits, is set aside or was dropped."""
    lanes = [_lane(books, HERE, "These pages", HERE, head)]
    lanes += [_lane(books, cursor_name(sink), name, sink, head) for sink, name in NAMES.items()]
    dropped = books.servers.dropped()
    waiting = sum(lane.lag for lane in lanes) + sum(lane.dead_letters for lane in lanes) + dropped
    return {
        "lanes": (
            *lanes,
            LaneAnswer(name=COUNTING, works=True, lag=0, dead_letters=0, paused=None, dropped=dropped),
        ),
        "headline": HeadlineAnswer(
            label="Waiting, set aside or dropped", value=waiting, before=None, unit=Unit.FACTS.value
        ),
    }


def _lane(books: Books, cursor_name: str, name: str, sink: str, head: int) -> LaneAnswer:
    cursor = books.cursors.find(cursor_name)
    works = cursor is not None and cursor.enabled
    return LaneAnswer(
        name=name,
        works=works,
        lag=max(0, head - cursor.position) if cursor and works else 0,
        dead_letters=books.dead_letters.count(sink, (LetterState.REFUSED,)),
        paused=Notes.from_state(cursor.state).paused if cursor and works and sink != HERE else None,
    )
