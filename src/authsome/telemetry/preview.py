"""The exact bytes that the next request would carry, and nothing is sent for looking."""

from __future__ import annotations

from dataclasses import dataclass

from authsome.store.transactions import Store
from authsome.store.view import View
from authsome.telemetry.consent import TermsFor, consent_of, cursor_name
from authsome.telemetry.mode import Capture, ModeDecision
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.telemetry.naming.terms import terms_of
from authsome.telemetry.portion import Origin, Portion, Refusal, read_portion
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


async def preview(
    store: Store, decision: ModeDecision, *, key: PseudonymKey | None = None, limit: int = MOST_FACTS
) -> Preview:
    """The next request under this mode; or, where nothing may leave, an example of the latest facts."""
    form: Form = payload_v1 if decision.capture is Capture.V1 else payload
    reading = _Reading(Origin(installation_id=store.installation_id, key=key), form, limit)
    if decision.sends:
        cursor = await store.keep(lambda books: books.cursors.find(cursor_name(NAME)))
        after = cursor.position if cursor else 0
        portion = await store.read(lambda view: reading.next(view, after))
    else:
        terms = terms_of(decision, key)
        portion = await store.read(lambda view: reading.latest(view, lambda _fact: terms))
    first: list[Outgoing] = list(next(iter(parcels(portion.facts)), ()))
    return Preview(
        body=form.render(first) if first else b"",
        facts=len(first),
        real=decision.sends,
        refused=portion.refused,
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads as the relay does, and moves nothing."""

    origin: Origin
    form: Form
    limit: int

    def next(self, view: View, after: int) -> Portion:
        """The next portion that has anything to send, as the relay would reach it."""
        terms_for = consent_of(view, NAME).terms_for
        while True:
            portion = self._read(view, after, terms_for)
            if portion.facts or portion.upto == after:
                return portion
            after = portion.upto

    def latest(self, view: View, terms_for: TermsFor) -> Portion:
        return self._read(view, max(0, view.event_log.head() - self.limit), terms_for)

    def _read(self, view: View, after: int, terms_for: TermsFor) -> Portion:
        return read_portion(
            view, origin=self.origin, after=after, limit=self.limit, terms_for=terms_for, form=self.form
        )
