"""What was agreed to, and when: the consent windows as an operator should read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from authsome.kit.event import Privacy
from authsome.store.rows.consent_windows import ConsentWindow
from authsome.store.view import View
from authsome.telemetry import catalogue
from authsome.telemetry.consent.windows import REASON, consent_of
from authsome.telemetry.events import ConsentReason
from authsome.telemetry.naming.terms import Terms

LOCAL = Privacy.LOCAL.value


@dataclass(frozen=True, slots=True)
class Additions:
    """What may leave today and was not in the catalogue of a window: whole events, and fields of others."""

    events: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """One window with its terms, and why it was opened.

    `new_since` is what the catalogue has gained since then; None where the window's own is not known.
    """

    window: ConsentWindow
    terms: Terms
    reason: ConsentReason | None
    new_since: Additions | None


def read_history(view: View, sink: str) -> list[Agreement]:
    """Every window of the sink, the newest first."""
    today = catalogue.outline()
    return sorted(
        (_agreement(view, window, today) for window in consent_of(view, sink).windows),
        key=lambda one: (one.window.created_at, one.window.id),
        reverse=True,
    )


def _agreement(view: View, window: ConsentWindow, today: Mapping[str, Mapping[str, str]]) -> Agreement:
    kept = view.settings.find(window.catalogue_hash)
    reason = window.settings.get(REASON)
    return Agreement(
        window=window,
        terms=Terms.from_settings(window.settings),
        reason=ConsentReason(reason) if reason else None,
        new_since=additions(kept.value, today) if kept else None,
    )


def additions(before: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]) -> Additions:
    """What leaves `now` and did not `before`; a field that was `local` and is no more is among it."""
    new_fields = (
        f"{event}.{field}"
        for event in now.keys() & before.keys()
        for field, privacy in now[event].items()
        if privacy != LOCAL and before[event].get(field, LOCAL) == LOCAL
    )
    return Additions(tuple(sorted(now.keys() - before.keys())), tuple(sorted(new_fields)))
