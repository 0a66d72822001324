"""Make the numbers anew because somebody asks: from the baseline, by folding what the log still holds.

No worker of its own does it. One transaction sets the cursor back and notes how far that is to go; from then
on it is the everyday work of the projectors, on whichever servers run: they take out what was counted, a
little at a time, and fold. So a kill at any moment leaves either what was there or a cursor from which the
next start goes on, and it is done when the cursor has come back.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from authsome.analytics.projections.project import READER, is_beginning, start_anew
from authsome.kit.caller import Caller
from authsome.kit.clock import from_micros, rfc3339, to_micros
from authsome.kit.errors import ConflictError
from authsome.store.books.books import Books
from authsome.store.transactions import Store

LOGGER = logging.getLogger("authsome.analytics")
NOTE = "rebuild"  # a cursor that follows nothing and holds nothing back; its state is what is kept here


class NumbersNotKept(ConflictError):
    """No numbers are kept in this mode, so there are none to make anew."""

    code = "numbers_not_kept"
    hint = "`authsome telemetry status` says which mode it is and why; every one but `off` keeps numbers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    """The last one that was asked for: the facts behind `behind` up to `upto`, folded up to `position`."""

    id: str
    asked_at: datetime
    behind: int
    upto: int
    position: int
    beginning: bool = False

    @property
    def facts(self) -> int:
        """How many there are to fold."""
        return self.upto - self.behind

    @property
    def folded(self) -> int:
        return min(max(self.position, self.behind), self.upto) - self.behind

    @property
    def is_under_way(self) -> bool:
        """Until the numbers hold for all that was in the log. Also where another reason set them back."""
        return self.beginning or self.position < self.upto

    def to_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {
            "id": self.id,
            "asked_at": rfc3339(self.asked_at),
            "under_way": self.is_under_way,
            "facts": self.facts,
            "folded": self.folded,
        }


async def ask_rebuild(store: Store, caller: Caller) -> Rebuild:
    """Have all numbers made anew; joins the rebuild that is under way, if there is one.

    Admins only. It changes no number for good: until it is done pages show less, and say how far it is.
    Raises `NumbersNotKept`.
    """
    caller.require_admin()
    head = await store.read(lambda view: view.event_log.head())
    fresh = store.ids.new("reb")
    begun = await store.keep(partial(_begin, fresh=fresh, head=head))
    if begun.id == fresh:
        LOGGER.warning("the rollups are made anew: %s asked for it", caller.id)
    return begun


def read_rebuild(books: Books) -> Rebuild | None:
    """How far the last one is; None where nobody ever asked for one."""
    note, cursor = books.cursors.find(NOTE), books.cursors.find(READER)
    if note is None or cursor is None or not note.state:
        return None
    state = note.state
    return Rebuild(
        id=state["id"],
        asked_at=from_micros(state["asked_at"]),
        behind=state["behind"],
        upto=state["upto"],
        position=cursor.position,
        beginning=is_beginning(cursor),
    )


def _begin(books: Books, fresh: str, head: int) -> Rebuild:
    books.cursors.open(NOTE)
    books.cursors.set(NOTE, enabled=False)  # locks the row as well: of two who ask at once, one joins
    current, cursor = read_rebuild(books), books.cursors.find(READER)
    if cursor is None or not cursor.enabled:
        raise NumbersNotKept
    if current is not None and current.is_under_way:
        return current
    upto, behind = max(head, cursor.position), start_anew(books).position
    state = {"id": fresh, "asked_at": to_micros(books.now), "behind": behind, "upto": upto}
    books.cursors.set(NOTE, state=state)
    return Rebuild(id=fresh, asked_at=books.now, behind=behind, upto=upto, position=behind, beginning=True)
