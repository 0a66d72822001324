"""How telemetry fares, for people: read from the database, so any process can tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from authsome.store.books.books import Books
from authsome.store.books.cursors import Cursor
from authsome.store.books.dead_letters import DeadLetter
from authsome.store.transactions import Store
from authsome.telemetry.consent import Consent, cursor_name
from authsome.telemetry.mode import Mode, ModeDecision
from authsome.telemetry.relay.notes import Notes

SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayStatus:
    """The state of the lane to one sink.

    `since` is when the consent began, None where nothing may leave. `lag` counts facts not looked at yet.
    """

    mode: Mode
    because: str
    host: str
    since: datetime | None
    lag: int
    last_answer: str | None
    answered_at: datetime | None
    paused: str | None
    resumes_at: datetime | None
    dead_letters: int
    latest_dead_letters: tuple[DeadLetter, ...]


async def read_status(store: Store, decision: ModeDecision, *, sink: str) -> RelayStatus:
    """How the relay to `sink` fares, under the mode that this server decided."""

    def look(books: Books) -> tuple[Cursor | None, int, list[DeadLetter]]:
        letters = books.dead_letters
        return books.cursors.find(cursor_name(sink)), letters.count(sink), letters.list(sink, limit=SHOWN)

    cursor, count, letters = await store.keep(look)
    head, consent = await store.read(
        lambda view: (view.event_log.head(), Consent(tuple(view.consent_windows.list_for(sink))))
    )
    notes = Notes.from_state(cursor.state if cursor else {})
    window = consent.open_window
    return RelayStatus(
        mode=decision.mode,
        because=decision.because,
        host=decision.host,
        since=window.created_at if window and decision.sends else None,
        lag=max(0, head - cursor.position) if cursor and decision.sends else 0,
        last_answer=notes.last_answer,
        answered_at=notes.answered_at,
        paused=notes.paused,
        resumes_at=notes.resumes_at,
        dead_letters=count,
        latest_dead_letters=tuple(letters),
    )
