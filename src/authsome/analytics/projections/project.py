"""Follow the event log and keep the rollups.

The cursor moves by compare-and-swap in the same transaction that adds the counts. Two servers may do it at
once: one of them finds the cursor moved and adds nothing, so no lease is needed.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from authsome.analytics.projections import rollups
from authsome.analytics.projections.emptying import empty_some
from authsome.analytics.projections.fold import VERSION, Folded, fold
from authsome.analytics.projections.pace import Pace
from authsome.analytics.projections.refilling import BEGIN, fill_some
from authsome.store.books.books import Books
from authsome.store.books.cursors import Cursor
from authsome.store.transactions import Store
from authsome.store.view import View

LOGGER = logging.getLogger("authsome.analytics")
READER, RETENTION = "analytics", "retention"  # cursors
# In the cursor's state: what was counted before is still to be taken out, or the baseline to be put in.
EMPTYING, REFILLING = "emptying", "refilling"


class Projector:
    """Keeps the rollups, with each `catch_up`. With `enabled` false it stands down and pins nothing.

    The time zone cuts the days. When it, or the rules in `fold`, differ from what the rollups were made
    with, they are rebuilt; of several servers the last one started decides, and the others yield.
    """

    def __init__(self, store: Store, time_zone: str, *, enabled: bool = True) -> None:
        self._store = store
        self._zone = ZoneInfo(time_zone)
        self._plan = {"version": VERSION, "time_zone": time_zone}
        self._enabled = enabled
        self._settled = False
        self._pace = Pace()

    async def catch_up(self) -> int:
        """Fold every fact that has a position by now; returns how many facts that were."""
        if not self._enabled:
            await self._store.keep(lambda books: books.cursors.set(READER, enabled=False))
            return 0
        done = 0
        self._pace.begin()
        while True:
            taken, more = await self._fold_batch()
            done += taken
            if not more:
                break
            await self._pace.breathe()
        return done

    async def _fold_batch(self) -> tuple[int, bool]:
        """How many facts were added, and whether there may be more (or somebody else was quicker)."""
        place, limit = await self._store.keep(self._open), self._pace.batch
        if place is None:
            return 0, False
        if is_beginning(place):
            await self._store.keep(partial(self._begin_some, limit=limit))
            return 0, True
        seen = place.position
        upto, folded = await self._store.read(lambda view: self._read(view, seen, limit))
        if upto == seen:
            return 0, False
        if not await self._store.keep(lambda books: self._advance(books, seen, upto, folded)):
            return 0, True
        return upto - seen, upto - seen == limit

    def _open(self, books: Books) -> Cursor | None:
        """Where to go on; None when another server keeps the rollups by other rules."""
        cursor, mark = books.cursors.open(READER), retention_mark(books)
        rules = {name: value for name, value in cursor.state.items() if name not in (EMPTYING, REFILLING)}
        if rules != self._plan and not self._decides(rules):
            return None
        self._settled = True
        if rules == self._plan and cursor.position >= mark:
            if not cursor.enabled:
                books.cursors.set(READER, enabled=True)
            return cursor
        if rules:
            LOGGER.warning("the rollups are made anew: %s", self._plan)
        books.cursors.set(READER, state=self._plan, enabled=True)
        return start_anew(books)

    def _begin_some(self, books: Books, *, limit: int) -> None:
        """Take out some of what was counted before, then put in some of the baseline."""
        state = books.cursors.open(READER).state
        if EMPTYING in state:
            if empty_some(books.connection, limit):
                books.cursors.set(READER, state=self._plan | {REFILLING: BEGIN})
        elif REFILLING in state:
            place = fill_some(books.connection, self._zone, state[REFILLING], limit=limit)
            books.cursors.set(READER, state=self._plan | ({REFILLING: place} if place else {}))

    def _decides(self, theirs: dict[str, Any]) -> bool:
        return not self._settled and theirs.get("version", 0) <= VERSION

    def _read(self, view: View, after: int, limit: int) -> tuple[int, Folded]:
        facts = view.event_log.after(after, limit)
        return (facts[-1].position or after) if facts else after, fold(facts, self._zone)

    def _advance(self, books: Books, seen: int, to: int, folded: Folded) -> bool:
        # Where retention came past us, the facts that were read have gaps: `_open` starts anew. And where
        # somebody has begun to make all anew, what would be added now would be taken out again.
        is_late = retention_mark(books) > seen or is_beginning(books.cursors.open(READER))
        if is_late or not books.cursors.move(READER, seen=seen, to=to):
            return False
        rollups.add(books.connection, folded, rollups.ROLLUPS)
        return True


def start_anew(books: Books) -> Cursor:
    """Set the cursor behind what retention has sealed; `catch_up` empties the rollups and folds them anew.

    Returns the cursor. Until the fold is done, pages show less and say how far it is.
    """
    state = books.cursors.open(READER).state | {EMPTYING: True}
    state.pop(REFILLING, None)
    books.cursors.set(READER, position=retention_mark(books), state=state)
    return books.cursors.open(READER)


def is_beginning(cursor: Cursor) -> bool:
    """Whether the rollups are still being emptied, or filled from the baseline: they agree with nothing."""
    return EMPTYING in cursor.state or REFILLING in cursor.state


def retention_mark(books: Books) -> int:
    """The position up to which facts are deleted and sealed in the baseline."""
    cursor = books.cursors.find(RETENTION)
    return cursor.position if cursor else 0
