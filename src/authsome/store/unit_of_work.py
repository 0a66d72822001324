"""One transaction: rows and the facts that say what happened to them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from authsome.kit.caller import Caller
from authsome.kit.clock import MICROSECOND, Clock
from authsome.kit.errors import BrokenError
from authsome.kit.event import Event
from authsome.kit.ids import Entropy, Ids
from authsome.store.event_log import Draft, EventLog
from authsome.store.view import View


class UnnamedChange(BrokenError):
    """A registry row was changed, and no event of the same commit names it."""

    code = "unnamed_change"
    hint = "record an event that carries the row's id, or say why not with work.quiet(reason)"


class Changes:
    """The registry rows that a unit of work has touched, as (table, id)."""

    def __init__(self) -> None:
        self.rows: set[tuple[str, str]] = set()

    def add(self, table: str, row_id: str) -> None:
        self.rows.add((table, row_id))


class UnitOfWork(View):
    """What a use case is given. It commits nothing itself; `Transactions` does, after `seal`."""

    def __init__(
        self,
        connection: Connection,
        caller: Caller,
        *,
        clock: Clock,
        ids: Ids,
        entropy: Entropy,
        before_reading_log: Callable[[], None] | None = None,
    ) -> None:
        """`before_reading_log` writes what earlier units of the same transaction have recorded."""
        self.changes = Changes()
        super().__init__(connection, clock.now(), self.changes)
        self._caller = caller
        self._ids = ids
        self._entropy = entropy
        self._drafts: list[Draft] = []
        self._latest: datetime | None = None
        self._quiet: str | None = None
        self._before_reading_log = before_reading_log

    @property
    def event_log(self) -> EventLog:
        """The log, without what this unit itself has recorded."""
        if self._before_reading_log is not None:
            self._before_reading_log()
        return EventLog(self.connection)

    @property
    def has_changed(self) -> bool:
        """Whether there is anything to undo."""
        return bool(self.changes.rows or self._drafts)

    @property
    def caller(self) -> Caller:
        return self._caller

    def new_id(self, prefix: str) -> str:
        return self._ids.new(prefix)

    def token(self) -> str:
        return base64.urlsafe_b64encode(self._entropy.bytes(32)).decode().rstrip("=")

    def random(self, count: int) -> bytes:
        """`count` random bytes."""
        return self._entropy.bytes(count)

    def record(self, event: Event) -> datetime:
        at = self._latest + MICROSECOND if self._latest else self.now
        self._latest = at
        self._drafts.append(Draft(event, at))
        return at

    def record_at(self, event: Event, at: datetime, *, by: Caller | None = None) -> None:
        """Add a fact whose time is given by what it sums up: an hour of usage, a row older than the log.

        `by` is who acted then, where that is not who records it now.
        """
        self._drafts.append(Draft(event, at, by))

    def quiet(self, reason: str) -> None:
        self._quiet = reason

    def seal(self) -> Sequence[Draft]:
        """The facts to append, after checking that they name every changed row."""
        named: set[Any] = set().union(*(draft.event.names() for draft in self._drafts))
        unnamed = {(table, row) for table, row in self.changes.rows if row not in named}
        if unnamed and self._quiet is None:
            listed = ", ".join(sorted(f"{table} {row}" for table, row in unnamed))
            raise UnnamedChange(f"no event names the changed rows: {listed}")
        return self._drafts
