"""Since when facts may leave, and under which terms: windows of log positions.

The mode says what the environment allows now; a window says for which facts it was allowed, with which
catalogue and in which words. Without windows, opting in would send the whole past, and opting out and in
again what lies between. A fact keeps its window for ever, so relay, retry, preview and a later repair word it
alike, and what is sent twice is the same twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from authsome.store.event_log import LoggedEvent
from authsome.store.rows.consent_windows import ConsentWindow
from authsome.store.view import View
from authsome.telemetry.naming.terms import Terms
from authsome.telemetry.project import place
from authsome.telemetry.sink import Sink

# Under which terms a fact may be sent; None where it may not.
TermsFor = Callable[[LoggedEvent], Terms | None]

# A window that an operator opened backwards, with a confirmation, also takes facts from before it was made.
REACHES_BACK = "reaches_back"
# The id of the window whose place this one took: consent went on, with other terms or another catalogue.
CONTINUES = "continues"
# Why it was opened, for people: a `ConsentReason`.
REASON = "reason"


@dataclass(frozen=True, slots=True)
class Consent:
    """All windows of one sink, as one answer."""

    windows: tuple[ConsentWindow, ...]

    @property
    def open_window(self) -> ConsentWindow | None:
        return next((w for w in self.windows if w.closed_position is None), None)

    @property
    def since(self) -> datetime | None:
        """Since when facts may leave without a break; None where they may not."""
        window = self.open_window
        return list(self._back_from(window))[-1].created_at if window else None

    def window_of(self, fact: LoggedEvent) -> ConsentWindow | None:
        """The window that the fact belongs to, now and ever: of several, the one that was made first."""
        found = [one for one in (self._taking(window, fact) for window in self.windows) if one]
        return min(found, key=lambda window: (window.created_at, window.id), default=None)

    def covers(self, fact: LoggedEvent) -> bool:
        """Whether the fact may be sent: by relay, retry or repair, now or ever."""
        return self.window_of(fact) is not None

    def terms_for(self, fact: LoggedEvent) -> Terms | None:
        """The terms of the fact's window; None where it may not be sent."""
        window = self.window_of(fact)
        return Terms.from_settings(window.settings) if window else None

    def _taking(self, window: ConsentWindow, fact: LoggedEvent) -> ConsentWindow | None:
        """The window, or one whose place it took, if the fact is one of theirs."""
        position = place(fact)
        if position <= window.opened_position:
            return None
        if window.closed_position is not None and position > window.closed_position:
            return None
        if window.settings.get(REACHES_BACK) is True:
            return window
        # A fact that was committed before the window, but positioned after (a server killed in between),
        # lies behind `opened_position` and still is from before it: from the window that this one continues,
        # or from before all consent.
        return next((w for w in self._back_from(window) if fact.occurred_at >= w.created_at), None)

    def _back_from(self, window: ConsentWindow) -> Iterator[ConsentWindow]:
        """The window and those whose place it took, one after the other."""
        yield window
        by_id = {one.id: one for one in self.windows}
        while (previous := by_id.get(window.settings.get(CONTINUES, ""))) is not None:
            yield (window := previous)


def consent_of(view: View, sink: str) -> Consent:
    """What may go to the sink."""
    return Consent(tuple(view.consent_windows.list_for(sink)))


def terms_in(view: View, sink: Sink, *, freely: Terms) -> TermsFor:
    """Which facts may go to the sink, and how: those of its windows; all, `freely`, where they stay here."""
    if not sink.needs_consent:
        return lambda _fact: freely
    return consent_of(view, sink.name).terms_for


def cursor_name(sink: str) -> str:
    """The name under which a sink's relay keeps its cursor and its lease."""
    return f"relay:{sink}"
