"""Mend what can be mended: write the facts that rows lack, make numbers anew, send lost facts again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select

from authsome.analytics.projections.project import Projector, start_anew
from authsome.analytics.reconcile.posthog.ask import Questions
from authsome.analytics.reconcile.posthog.compare import compare_posthog
from authsome.analytics.reconcile.registry import Tick
from authsome.analytics.reconcile.restore import restore_missing
from authsome.analytics.reconcile.rollup import compare_rollups
from authsome.store.books.books import Books
from authsome.store.books.dead_letters import LetterState
from authsome.store.tables.log import event_log
from authsome.store.transactions import Store
from authsome.store.view import View
from authsome.telemetry.consent import cursor_name
from authsome.telemetry.sinks.posthog import NAME

MOST_LETTERS = 500  # lost facts that are sent one by one; for more, the relay goes back to the first of them
LETTERS_AT_ONCE = 200
LOST = "reconcile: PostHog did not have it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What was done: facts written, whether numbers were made anew, lost facts that go again."""

    written: int
    rebuilt: bool
    sent_again: int


async def mend(
    store: Store,
    projector: Projector,
    questions: Questions | None,
    *,
    since: datetime | None,
    time_zone: str,
    tick: Tick,
) -> Mended:
    """All three, in the order in which one needs the other. Harmless to repeat, and to be killed in."""
    written = await restore_missing(store, since=since, time_zone=time_zone, tick=tick)
    await projector.catch_up()
    is_stale = (await compare_rollups(store, since=since, tick=tick)).differs
    if is_stale:
        await store.keep(start_anew)
        await projector.catch_up()
    lost: Sequence[int] = ()
    if questions is not None:
        lost = (await compare_posthog(store, questions, since=since, tick=tick)).lost
        await send_again(store, lost)
    return Mended(written=written, rebuilt=is_stale, sent_again=len(lost))


async def send_again(store: Store, positions: Sequence[int]) -> None:
    """Have the relay send the facts at these positions once more, under uuid and time as before.

    It asks for consent as ever. What PostHog has in spite of all is counted once there.
    """
    if len(positions) > MOST_LETTERS:
        await store.keep(partial(_set_back, behind=min(positions) - 1))
        return
    for at in range(0, len(positions), LETTERS_AT_ONCE):
        some = positions[at : at + LETTERS_AT_ONCE]
        event_ids = await store.read(partial(_event_ids, positions=some))
        await store.keep(partial(_put_back, event_ids=event_ids))


def _event_ids(view: View, positions: Sequence[int]) -> dict[str, int]:
    query = select(event_log.c.id, event_log.c.position).where(event_log.c.position.in_(list(positions)))
    return {row.id: row.position for row in view.connection.execute(query)}


def _put_back(books: Books, event_ids: dict[str, int]) -> None:
    for event_id, position in event_ids.items():
        books.dead_letters.add(
            sink=NAME, event_id=event_id, position=position, reason=LOST, state=LetterState.RETRYING
        )


def _set_back(books: Books, behind: int) -> None:
    """A relay that is at work notices that its cursor was moved, and reads again."""
    reader = cursor_name(NAME)
    cursor = books.cursors.find(reader)
    if cursor is not None and cursor.position > behind:
        books.cursors.set(reader, position=behind)
