"""The facts that PostHog may have, as they are sent: the same reading that the relay does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial

from authsome.store.books.books import Books
from authsome.store.books.cursors import Cursor
from authsome.store.event_log import LoggedEvent
from authsome.store.transactions import Store
from authsome.store.view import View
from authsome.telemetry.consent import consent_of, cursor_name
from authsome.telemetry.portion import Origin, Portion, read_portion
from authsome.telemetry.sink import Outgoing
from authsome.telemetry.sinks.posthog import NAME, payload

PAGE = 500
Wanted = Callable[[LoggedEvent], bool]


@dataclass(frozen=True, slots=True)
class Lane:
    """How far the relay is, and what it has set aside: what it must have sent follows from both."""

    cursor: Cursor | None
    set_aside: frozenset[str]

    def has_sent(self, fact: Outgoing) -> bool:
        """Whether PostHog took it, as far as its answers say."""
        reached = self.cursor.position if self.cursor else 0
        return fact.position <= reached and fact.event_id not in self.set_aside


async def read_lane(store: Store) -> Lane:
    return await store.keep(_lane)


def _lane(books: Books) -> Lane:
    return Lane(books.cursors.find(cursor_name(NAME)), frozenset(books.dead_letters.event_ids(NAME)))


async def consented(
    store: Store, origin: Origin, wanted: Wanted
) -> AsyncIterator[tuple[int, tuple[Outgoing, ...]]]:
    """Page by page: how many rows of the log were passed, and the wanted facts in windows among them."""
    position = 0
    while True:
        portion = await store.read(partial(_page, origin=origin, after=position, wanted=wanted))
        passed = portion.upto - position
        if not passed:
            return
        position = portion.upto
        yield passed, portion.facts


def _page(view: View, origin: Origin, after: int, wanted: Wanted) -> Portion:
    consent = consent_of(view, NAME)
    return read_portion(
        view,
        origin=origin,
        after=after,
        limit=PAGE,
        terms_for=lambda fact: consent.terms_for(fact) if wanted(fact) else None,
        form=payload,
    )
