"""Follow the event log and keep the rollups.

The cursor moves by compare-and-swap in the same transaction that adds the counts. Two servers may do it at
once: one of them finds the cursor moved and adds nothing, so no lease is needed.
"""

from __future__ import annotations

import logging
from typing import Any
from zoneinfo import ZoneInfo

from authsome.analytics.projections import rollups
from authsome.analytics.projections.fold import VERSION, Folded, fold
from authsome.analytics.projections.pace import Pace
from authsome.store.books.books import Books
from authsome.store.transactions import Store
from authsome.store.view import View

LOGGER = logging.getLogger("authsome.analytics")
READER, RETENTION = "analytics", "retention"  # cursors


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
        seen, limit = await self._store.keep(self._open), self._pace.batch
        if seen is None:
            return 0, False
        upto, folded = await self._store.read(lambda view: self._read(view, seen, limit))
        if upto == seen:
            return 0, False
        if not await self._store.keep(lambda books: self._advance(books, seen, upto, folded)):
            return 0, True
        return upto - seen, upto - seen == limit

    def _open(self, books: Books) -> int | None:
        """Where to go on; None when another server keeps the rollups by other rules."""
        cursor, mark = books.cursors.find(READER) or books.cursors.open(READER), retention_mark(books)
        if cursor.state != self._plan and not self._decides(cursor.state):
            return None
        self._settled = True
        if cursor.state == self._plan and cursor.position >= mark:
            if not cursor.enabled:
                books.cursors.set(READER, enabled=True)
            return cursor.position
        if cursor.state:
            LOGGER.warning("the rollups are made anew: %s", self._plan)
        books.cursors.set(READER, state=self._plan, enabled=True)
        return start_anew(books)

    def _decides(self, theirs: dict[str, Any]) -> bool:
        return not self._settled and theirs.get("version", 0) <= VERSION

    def _read(self, view: View, after: int, limit: int) -> tuple[int, Folded]:
        facts = view.event_log.after(after, limit)
        return (facts[-1].position or after) if facts else after, fold(facts, self._zone)

    def _advance(self, books: Books, seen: int, to: int, folded: Folded) -> bool:
        # Where retention came past us, the facts that were read have gaps: `_open` starts anew.
        if retention_mark(books) > seen or not books.cursors.move(READER, seen=seen, to=to):
            return False
        rollups.add(books.connection, folded, rollups.ROLLUPS)
        return True


def start_anew(books: Books) -> int:
    """Set the rollups to what retention has sealed, and the cursor behind it; `catch_up` folds the rest.

    Returns the cursor's new position. Until the fold is done, pages show less and say how far it is.
    """
    mark, cursor = retention_mark(books), books.cursors.open(READER)
    books.cursors.set(READER, position=mark)
    rollups.restart(books.connection, ZoneInfo(cursor.state["time_zone"]))
    return mark


def retention_mark(books: Books) -> int:
    """The position up to which facts are deleted and sealed in the baseline."""
    cursor = books.cursors.find(RETENTION)
    return cursor.position if cursor else 0
