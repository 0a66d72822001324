"""How telemetry fares, for people: read from the database, so any process can tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from authsome.store.books.books import Books
from authsome.store.books.cursors import Cursor
from authsome.store.books.dead_letters import DeadLetter, LetterState
from authsome.store.transactions import Store
from authsome.telemetry.consent import consent_of, cursor_name
from authsome.telemetry.mode import Mode, ModeDecision
from authsome.telemetry.naming.terms import Terms
from authsome.telemetry.relay.notes import Notes

SHOWN = 20

_Seen = tuple[Cursor | None, dict[LetterState, int], list[DeadLetter]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayStatus:
    """The state of the lane to one sink.

    `since` is when the consent began, None where nothing may leave. `pseudonyms` and `group` are how the next
    fact leaves, or would. `lag` counts facts not looked at yet. `dead_letters` were refused for good,
    `retrying` is what will be sent once more.
    """

    mode: Mode
    because: str
    host: str
    since: datetime | None
    pseudonyms: bool
    group: bool
    lag: int
    last_answer: str | None
    answered_at: datetime | None
    paused: str | None
    resumes_at: datetime | None
    dead_letters: int
    retrying: int
    latest_dead_letters: tuple[DeadLetter, ...]


async def read_status(store: Store, decision: ModeDecision, *, sink: str) -> RelayStatus:
    """How the relay to `sink` fares, under the mode that this server decided."""

    cursor, counts, letters = await store.keep(lambda books: _look(books, sink))
    head, consent = await store.read(lambda view: (view.event_log.head(), consent_of(view, sink)))
    notes = Notes.from_state(cursor.state if cursor else {})
    window = consent.open_window if decision.sends else None
    terms = Terms.from_settings(window.settings) if window else None
    return RelayStatus(
        mode=decision.mode,
        because=decision.because,
        host=decision.host,
        since=consent.since if decision.sends else None,
        pseudonyms=terms.pseudonyms if terms else decision.pseudonyms,
        group=terms.group if terms else decision.group,
        lag=max(0, head - cursor.position) if cursor and cursor.enabled else 0,
        last_answer=notes.last_answer,
        answered_at=notes.answered_at,
        paused=notes.paused,
        resumes_at=notes.resumes_at,
        dead_letters=counts[LetterState.REFUSED],
        retrying=counts[LetterState.RETRYING],
        latest_dead_letters=tuple(letters),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneHealth:
    """Whether the lane moves: little enough to ask every few seconds, and nothing that PostHog said."""

    lag: int
    paused: bool
    dead_letters: int


async def read_health(store: Store, *, sink: str, head: int, works: bool) -> LaneHealth:
    """The lane's health when the log ends at `head`; one that does not work has nothing to do."""
    cursor, counts, _ = await store.keep(lambda books: _look(books, sink, shown=0))
    notes = Notes.from_state(cursor.state if cursor else {})
    return LaneHealth(
        lag=max(0, head - cursor.position) if cursor and works else 0,
        paused=notes.paused is not None and works,
        dead_letters=counts[LetterState.REFUSED],
    )


def _look(books: Books, sink: str, *, shown: int = SHOWN) -> _Seen:
    letters = books.dead_letters
    counts = {state: letters.count(sink, (state,)) for state in (LetterState.REFUSED, LetterState.RETRYING)}
    latest = letters.list(sink, limit=shown) if shown else []
    return books.cursors.find(cursor_name(sink)), counts, latest
