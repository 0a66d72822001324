"""Let facts from before the consent leave: an admin's decision, confirmed on a page, from a date on.

It opens a window backwards, which ends where the log ends now, and sets the relay back to its beginning.
What was sent already goes once more under the same uuid and time, which PostHog counts once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from authsome.kit.caller import Caller
from authsome.kit.errors import ConflictError
from authsome.store.books.books import Books
from authsome.store.rows.consent_windows import ConsentWindow
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.store.view import View
from authsome.telemetry.consent.settle import keep_catalogue, opening
from authsome.telemetry.consent.windows import REACHES_BACK, REASON, consent_of, cursor_name
from authsome.telemetry.events import ConsentReason
from authsome.telemetry.naming.terms import Terms


class TelemetryNotOn(ConflictError):
    """Nothing is sent now, so the past is not sent either."""

    code = "telemetry_not_on"
    hint = "turn sending on first: `authsome telemetry status` says what is missing"


@dataclass(frozen=True, slots=True)
class Past:
    """What the decision would let leave: facts behind one position of the log, up to another."""

    behind: int
    upto: int

    @property
    def facts(self) -> int:
        return self.upto - self.behind


def look_at_past(view: View, *, since: datetime) -> Past:
    """The facts from `since` on. One that lies behind an older one in the log is not among them."""
    return Past(view.event_log.last_before(since), view.event_log.head())


async def export_past(store: Store, caller: Caller, *, sink: str, since: datetime) -> Past:
    """Open the window and set the relay back. A confirmed act of an admin. Raises `TelemetryNotOn`."""
    past = await store.write(caller, lambda work: _open_backwards(work, sink, since))
    await store.keep(lambda books: _set_back(books, cursor_name(sink), past.behind))
    return past


def _open_backwards(work: UnitOfWork, sink: str, since: datetime) -> Past:
    """Under the terms of the open window; a fact that had a window before keeps that one's."""
    work.caller.require_admin()
    work.caller.require_confirmed()
    current = consent_of(work, sink).open_window
    if current is None:
        raise TelemetryNotOn
    past = Past(work.event_log.last_before(since), work.event_log.head())
    window = ConsentWindow(
        id=work.new_id("cwn"),
        sink=sink,
        opened_position=past.behind,
        closed_position=past.upto,
        settings={
            REACHES_BACK: True,
            REASON: ConsentReason.PAST.value,
            **Terms.from_settings(current.settings).to_settings(),
        },
        catalogue_hash=keep_catalogue(work),
        created_at=work.now,
    )
    at = work.record(opening(window, ConsentReason.PAST))
    work.consent_windows.add(replace(window, created_at=at, ended_at=at))
    return past


def _set_back(books: Books, reader: str, position: int) -> None:
    """A relay that is at work notices that its cursor was moved, and reads again."""
    cursor = books.cursors.find(reader)
    if cursor is not None and cursor.position > position:
        books.cursors.set(reader, position=position)
