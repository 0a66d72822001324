"""From the log to the queue: which erasures PostHog has to hear of, and as whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from authsome.kit.caller import ActorKind
from authsome.store.books.books import Books
from authsome.store.books.dead_letters import DeadLetter
from authsome.store.event_log import LoggedEvent
from authsome.store.transactions import Store
from authsome.store.view import View
from authsome.telemetry.consent import consent_of
from authsome.telemetry.naming.distinct_ids import distinct_ids_of
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.telemetry.project import place
from authsome.telemetry.sinks.posthog import NAME

READER = "erasure"  # a cursor
AT_ONCE = 500
LETTERS = 100


@dataclass(frozen=True, slots=True)
class Known:
    """As whom the subjects of an erasure may be known at PostHog, if anything was ever sent at all."""

    ids: tuple[str, ...]
    lost_keys: tuple[str, ...]
    ever_sent: bool


async def collect(store: Store) -> int:
    """Queue every erasure behind the cursor, and throw away what waits to be sent of it; returns how many."""
    seen = (await store.keep(lambda books: books.cursors.open(READER))).position
    facts, head = await store.read(
        lambda view: (view.event_log.erasures_after(seen, AT_ONCE), view.event_log.head())
    )
    reached = place(facts[-1]) if len(facts) == AT_ONCE else head
    if facts:
        await _purge_letters(store)
    if reached > seen:
        await store.keep(lambda books: _queue(books, facts, seen=seen, reached=reached))
    return len(facts)


def _queue(books: Books, facts: list[LoggedEvent], *, seen: int, reached: int) -> None:
    for fact in facts:
        erasure_id = str(fact.fields["erasure_id"])
        books.deletions.open(erasure_id, position=place(fact), erased_at=fact.occurred_at)
    books.cursors.move(READER, seen=seen, to=reached)


async def _purge_letters(store: Store) -> None:
    """Dead letters and what is put back for sending: facts about the erased are not sent again."""
    position = 0
    while True:
        letters = await store.keep(partial(_letters, after=position))
        if not letters:
            return
        gone = await store.read(partial(_about_erased, letters=letters))
        await store.keep(partial(_remove, event_ids=gone))
        position = letters[-1].position


def _letters(books: Books, after: int) -> list[DeadLetter]:
    return books.dead_letters.list(NAME, limit=LETTERS, after=after)


def _remove(books: Books, event_ids: list[str]) -> None:
    books.dead_letters.remove(NAME, event_ids)


def _about_erased(view: View, letters: list[DeadLetter]) -> list[str]:
    facts = [fact for one in letters if (fact := view.event_log.find(one.event_id)) is not None]
    erased = view.erasures.among({who for fact in facts for who in fact.people})
    return [fact.id for fact in facts if not fact.people.isdisjoint(erased)]


def known_as(view: View, erasure_id: str, key: PseudonymKey) -> Known:
    """All ids that the subjects of an erasure may have left under."""
    ids: list[str] = []
    lost: set[str] = set()
    for subject in view.erasures.subjects_of(erasure_id):
        kind = ActorKind(subject.kind.value)
        found = distinct_ids_of(view, key, sink=NAME, kind=kind, subject_id=subject.id)
        ids += found.ids
        lost |= set(found.lost_keys)
    return Known(tuple(ids), tuple(sorted(lost)), bool(consent_of(view, NAME).windows))
