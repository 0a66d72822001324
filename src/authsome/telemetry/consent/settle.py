"""Bring the consent windows in line with what a server's environment allows. Done at each start."""

from __future__ import annotations

from dataclasses import dataclass, replace

from authsome.kit.caller import server_caller
from authsome.store.rows.consent_windows import ConsentWindow
from authsome.store.rows.settings import Setting
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.telemetry import catalogue
from authsome.telemetry.consent.windows import CONTINUES, REACHES_BACK, REASON, consent_of, cursor_name
from authsome.telemetry.events import ConsentReason, TelemetryConsentChanged
from authsome.telemetry.naming.terms import PLAIN, Terms


@dataclass(frozen=True, slots=True)
class Settled:
    """The open window afterwards, and whether sending begins with it: then nothing waits from before."""

    window: ConsentWindow | None
    begins: bool
    head: int


async def settle_consent(
    store: Store, *, sink: str, allowed: bool, terms: Terms = PLAIN
) -> ConsentWindow | None:
    """Open, close or replace the window of a sink; returns the open one.

    One server that starts and may not send ends it for all: where servers are configured differently, less
    leaves. Other terms, or another catalogue after an upgrade, close the window and open the next at the same
    position: no fact falls between them, and what waits in the first leaves under its terms.
    """
    caller = server_caller(store.installation_id)
    settled = await store.write(caller, lambda work: _settle(work, sink, terms if allowed else None))
    reader = cursor_name(sink)
    if settled.window is None:
        # Moved to the head and disabled: nothing waits to be sent, and retention waits for nobody.
        await store.keep(lambda books: books.cursors.set(reader, position=settled.head, enabled=False))
    else:
        start = settled.window.opened_position
        await store.keep(lambda books: books.cursors.open(reader, at=start))
        values = {"enabled": True, "position": start} if settled.begins else {"enabled": True}
        await store.keep(lambda books: books.cursors.set(reader, **values))
    return settled.window


def keep_catalogue(work: UnitOfWork) -> str:
    """Keep what the catalogue says today under its hash, which is returned.

    A later version can then tell an operator what it has added to what they agreed to. The event of the
    window carries the hash, and so names the row.
    """
    digest = catalogue.digest()
    if work.settings.find(digest) is None:
        work.settings.add(Setting(id=digest, value=catalogue.outline(), updated_at=work.now))
    return digest


def _settle(work: UnitOfWork, sink: str, terms: Terms | None) -> Settled:
    head = work.event_log.head()
    current = consent_of(work, sink).open_window
    if terms is None:
        if current is not None:
            at = work.record(_changed(current, ConsentReason.ENVIRONMENT, allowed=False))
            work.consent_windows.set(current.id, closed_position=head, ended_at=at)
        return Settled(None, False, head)
    if current is None:
        return Settled(_open(work, sink, head, terms, None, ConsentReason.ENVIRONMENT), True, head)
    reason = _what_changed(current, terms)
    if reason is None:
        return Settled(current, False, head)
    return Settled(_open(work, sink, head, terms, current, reason), False, head)


def _what_changed(window: ConsentWindow, terms: Terms) -> ConsentReason | None:
    if Terms.from_settings(window.settings) != terms:
        return ConsentReason.TERMS
    return ConsentReason.CATALOGUE if window.catalogue_hash != catalogue.digest() else None


def _open(
    work: UnitOfWork,
    sink: str,
    head: int,
    terms: Terms,
    previous: ConsentWindow | None,
    reason: ConsentReason,
) -> ConsentWindow:
    """A window from here on; in the place of `previous`, if there is one."""
    window = ConsentWindow(
        id=work.new_id("cwn"),
        sink=sink,
        opened_position=head,
        settings={
            REACHES_BACK: False,
            CONTINUES: previous.id if previous else None,
            REASON: reason.value,
            **terms.to_settings(),
        },
        catalogue_hash=keep_catalogue(work),
        created_at=work.now,
    )
    window = replace(window, created_at=work.record(opening(window, reason)))
    if previous is not None:
        work.consent_windows.set(previous.id, closed_position=head, ended_at=window.created_at)
    work.consent_windows.add(window)
    return window


def opening(window: ConsentWindow, reason: ConsentReason) -> TelemetryConsentChanged:
    """The fact that the window was opened, and under which terms."""
    return _changed(window, reason, allowed=True)


def _changed(window: ConsentWindow, reason: ConsentReason, *, allowed: bool) -> TelemetryConsentChanged:
    terms = Terms.from_settings(window.settings)
    return TelemetryConsentChanged(
        window_id=window.id,
        sink=window.sink,
        allowed=allowed,
        reason=reason,
        catalogue_hash=window.catalogue_hash,
        pseudonyms=terms.pseudonyms,
        group=terms.group,
        previous_window_id=window.settings.get(CONTINUES),
    )
