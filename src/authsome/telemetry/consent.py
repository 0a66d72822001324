"""Since when facts may leave: windows of log positions, opened and closed as the mode changes.

The mode says what the environment allows now; a window says for which facts it was allowed. Without
windows, opting in would send the whole past, and opting out and in again what lies between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from authsome.kit.caller import server_caller
from authsome.store.event_log import LoggedEvent
from authsome.store.rows.consent_windows import ConsentWindow
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.store.view import View
from authsome.telemetry import catalogue
from authsome.telemetry.events import TelemetryConsentChanged
from authsome.telemetry.project import place
from authsome.telemetry.sink import Sink

Allowed = Callable[[LoggedEvent], bool]

# A window that an operator opened backwards, with a confirmation, also takes facts from before it was made.
REACHES_BACK = "reaches_back"


@dataclass(frozen=True, slots=True)
class Consent:
    """All windows of one sink, as one answer."""

    windows: tuple[ConsentWindow, ...]

    @property
    def open_window(self) -> ConsentWindow | None:
        return next((w for w in self.windows if w.closed_position is None), None)

    def covers(self, fact: LoggedEvent) -> bool:
        """Whether the fact may be sent: by relay, retry or repair, now or ever."""
        return any(_covers(window, fact) for window in self.windows)


def _covers(window: ConsentWindow, fact: LoggedEvent) -> bool:
    position = place(fact)
    if position <= window.opened_position:
        return False
    if window.closed_position is not None and position > window.closed_position:
        return False
    # A fact that was committed before the window, but positioned after (a server killed in between),
    # lies behind `opened_position` and still is from before the consent.
    return fact.occurred_at >= window.created_at or window.settings.get(REACHES_BACK) is True


def allowed_for(view: View, sink: Sink) -> Allowed:
    """Which facts may go to the sink: those in its windows, or all where they stay on the installation."""
    if not sink.needs_consent:
        return lambda _fact: True
    return Consent(tuple(view.consent_windows.list_for(sink.name))).covers


def cursor_name(sink: str) -> str:
    """The name under which a sink's relay keeps its cursor and its lease."""
    return f"relay:{sink}"


async def settle_consent(store: Store, *, sink: str, allowed: bool) -> ConsentWindow | None:
    """Bring the windows in line with what this server's environment allows; returns the open one.

    Called at each start. One server that starts and may not send ends it for all: where servers are
    configured differently, less leaves.
    """
    digest = catalogue.digest()
    caller = server_caller(store.installation_id)
    window, changed, head = await store.write(caller, lambda work: _settle(work, sink, allowed, digest))
    reader = cursor_name(sink)
    if window is None:
        # Moved to the head and disabled: nothing waits to be sent, and retention waits for nobody.
        await store.keep(lambda books: books.cursors.set(reader, position=head, enabled=False))
    else:
        start = window.opened_position
        await store.keep(lambda books: books.cursors.open(reader, at=start))
        values = {"enabled": True, "position": start} if changed else {"enabled": True}
        await store.keep(lambda books: books.cursors.set(reader, **values))
    return window


def _settle(
    work: UnitOfWork, sink: str, allowed: bool, digest: str
) -> tuple[ConsentWindow | None, bool, int]:
    """The open window afterwards, whether it is new, and the head of the log."""
    head = work.event_log.head()
    open_windows = [w for w in work.consent_windows.list_for(sink) if w.closed_position is None]
    if allowed:
        if open_windows:
            return open_windows[-1], False, head
        return _open(work, sink, head, digest), True, head
    for window in open_windows:
        at = work.record(TelemetryConsentChanged(window_id=window.id, sink=sink, allowed=False))
        work.consent_windows.set(window.id, closed_position=head, ended_at=at)
    return None, False, head


def _open(work: UnitOfWork, sink: str, head: int, digest: str) -> ConsentWindow:
    window_id = work.new_id("cwn")
    at = work.record(TelemetryConsentChanged(window_id=window_id, sink=sink, allowed=True))
    window = ConsentWindow(
        id=window_id,
        sink=sink,
        opened_position=head,
        settings={REACHES_BACK: False},
        catalogue_hash=digest,
        created_at=at,
    )
    work.consent_windows.add(window)
    return window
