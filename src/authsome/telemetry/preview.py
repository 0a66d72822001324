"""The exact bytes that the next request would carry, and nothing is sent for looking."""

from __future__ import annotations

from dataclasses import dataclass

from authsome.store.event_log import LoggedEvent
from authsome.store.transactions import Store
from authsome.store.view import View
from authsome.telemetry.consent import Consent, cursor_name
from authsome.telemetry.mode import Capture, ModeDecision
from authsome.telemetry.portion import Portion, Refusal, read_portion
from authsome.telemetry.relay.deliver import MOST_FACTS, parcels
from authsome.telemetry.sink import Form, Outgoing
from authsome.telemetry.sinks.posthog import NAME, payload, payload_v1


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a request would carry. `body` is byte for byte what is packed and sent, but for the key.

    `real` tells the next request from an example: where nothing may leave, the latest facts are shown
    as they would leave, so that whoever thinks of opting in can see what they would give.
    """

    body: bytes
    facts: int
    real: bool
    refused: tuple[Refusal, ...]


async def preview(store: Store, decision: ModeDecision, *, limit: int = MOST_FACTS) -> Preview:
    """The next request under this mode; or, where nothing may leave, an example of the latest facts."""
    form: Form = payload_v1 if decision.capture is Capture.V1 else payload
    if decision.sends:
        cursor = await store.keep(lambda books: books.cursors.find(cursor_name(NAME)))
        after = cursor.position if cursor else 0
        portion = await store.read(lambda view: _portion(view, store, after=after, limit=limit))
    else:
        portion = await store.read(lambda view: _latest(view, store, limit=limit))
    first: list[Outgoing] = list(
        next(iter(parcels(portion.facts, size=lambda fact: len(form.render([fact])))), ())
    )
    return Preview(
        body=form.render(first) if first else b"",
        facts=len(first),
        real=decision.sends,
        refused=portion.refused,
    )


def _portion(view: View, store: Store, *, after: int, limit: int) -> Portion:
    """The next portion that has anything to send, as the relay would reach it."""
    consent = Consent(tuple(view.consent_windows.list_for(NAME)))
    while True:
        portion = _read(view, store, after=after, limit=limit, consent=consent)
        if portion.facts or portion.upto == after:
            return portion
        after = portion.upto


def _latest(view: View, store: Store, *, limit: int) -> Portion:
    after = max(0, view.event_log.head() - limit)
    return _read(view, store, after=after, limit=limit, consent=None)


def _read(view: View, store: Store, *, after: int, limit: int, consent: Consent | None) -> Portion:
    def allowed(fact: LoggedEvent) -> bool:
        return consent is None or consent.covers(fact)

    return read_portion(
        view,
        installation_id=store.installation_id,
        after=after,
        limit=limit,
        allowed=allowed,
        form=payload,
    )
