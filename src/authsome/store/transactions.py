"""Run units of work, reads and bookkeeping on their lanes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from authsome.kit.caller import Caller
from authsome.kit.clock import Clock
from authsome.kit.errors import UnavailableError
from authsome.kit.ids import Entropy, Ids
from authsome.store.books.books import Books
from authsome.store.database import Database, Lane
from authsome.store.event_log import Appender
from authsome.store.unit_of_work import UnitOfWork
from authsome.store.view import View

T = TypeVar("T")
ATTEMPTS = 12
PATIENCE = 3
_RETRYABLE = {"40001", "40P01"}  # serialization_failure, deadlock_detected
# While tables are small, PostgreSQL's predicate locks cover a whole index page, so that many writers at once
# can turn each other back again and again. Who was turned back a few times goes alone: this lock conflicts
# with the insert into the log with which every unit of work ends. LOCK TABLE takes no snapshot, so what
# is read behind it is as new as the lock (PostgreSQL manual, 13.3.1 and 13.4.1).
_ALONE = text("LOCK TABLE event_log IN SHARE ROW EXCLUSIVE MODE")


class DatabaseBusy(UnavailableError):
    """The database could not finish this in time. Nothing was changed."""

    code = "database_busy"
    hint = "try again"


class Store:
    """The one door to the database. Satisfies `kit.work.Transactions` for every noun.

    `on_commit` callables run on the writing thread after each commit of a unit of work; they must be
    quick and must not fail (they wake readers and void cached decisions).
    """

    def __init__(
        self, database: Database, *, installation_id: str, clock: Clock, ids: Ids, entropy: Entropy
    ) -> None:
        self.database = database
        self.installation_id = installation_id
        self.clock = clock
        self.ids = ids
        self.entropy = entropy
        self.on_commit: list[Callable[[], None]] = []
        self.appender = Appender(installation_id, ids, entropy)

    async def write(self, caller: Caller, body: Callable[[UnitOfWork], T]) -> T:
        """Run `body` in one unit of work: all of its rows and events are committed, or none."""
        result = await self.database.writer.run(lambda connection: self._commit(connection, caller, body))
        return result

    async def read(self, body: Callable[[View], T]) -> T:
        """Run `body` on one snapshot."""

        def run(connection: Connection) -> T:
            with connection.begin():
                return body(View(connection, self.clock.now()))

        return await self.database.reader.run(run)

    async def keep(self, body: Callable[[Books], T]) -> T:
        """Run `body` on the books, in a short transaction of its own."""

        def run(connection: Connection) -> T:
            with connection.begin():
                return body(Books(connection, self.clock.now()))

        return await self.database.books.run(
            lambda connection: self._retrying(lambda _attempt: run(connection))
        )

    async def keep_log(self, body: Callable[[Connection], T]) -> T:
        """Run the sequencer's or retention's step in a short transaction on the log's database."""

        def run(connection: Connection) -> T:
            with connection.begin():
                return body(connection)

        return await self._short(
            self.database.writer if self.database.is_sqlite else self.database.books, run
        )

    async def _short(self, lane: Lane, run: Callable[[Connection], T]) -> T:
        return await lane.run(lambda connection: self._retrying(lambda _attempt: run(connection)))

    def _commit(self, connection: Connection, caller: Caller, body: Callable[[UnitOfWork], T]) -> T:
        def once(attempt: int) -> T:
            with connection.begin():
                if attempt >= PATIENCE and not self.database.is_sqlite:
                    connection.execute(_ALONE)
                work = UnitOfWork(connection, caller, clock=self.clock, ids=self.ids, entropy=self.entropy)
                result = body(work)
                self.appender.append(connection, work.caller, work.seal(), position=self.database.is_sqlite)
            return result

        result = self._retrying(once)
        for notify in self.on_commit:
            notify()
        return result

    def _retrying(self, once: Callable[[int], T]) -> T:
        """Run `once` again, with the number of the attempt, when the database asks for it.

        Under SERIALIZABLE a conflict is a normal answer. Two writers of the same unique value may see it as
        a violation instead; run again, the second one finds the row and refuses in its own words.
        """
        for attempt in range(ATTEMPTS):
            try:
                return once(attempt)
            except IntegrityError:
                if attempt >= 2:
                    raise
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _RETRYABLE:
                    raise
            spread = self.entropy.bytes(1)[0] / 255
            time.sleep(spread * 0.002 * 2 ** min(attempt, 6))
        raise DatabaseBusy

    def close(self) -> None:
        self.database.close()
