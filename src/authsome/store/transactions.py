"""Run units of work, reads and bookkeeping on their lanes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from authsome.kit.caller import Caller
from authsome.kit.clock import Clock
from authsome.kit.errors import AuthsomeError, UnavailableError
from authsome.kit.ids import Entropy, Ids
from authsome.store.books.books import Books
from authsome.store.database import Database
from authsome.store.event_log import Appender, Draft
from authsome.store.group import Apart, Done, Group, Outcome, Refused
from authsome.store.unit_of_work import UnitOfWork
from authsome.store.view import View

T = TypeVar("T")
Write = tuple[Caller, Callable[[UnitOfWork], Any]]
Keep = Callable[[Books], Any]
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
        self._writes: Apart[Write] = Apart(database.writer, self._commit)
        self._keeps: Apart[Keep] = Apart(database.books, self._keep)
        if database.is_sqlite:
            self._writes = Group(database.writer, self._commit, together=self._commit_together)
            self._keeps = Group(database.books, self._keep, together=self._keep_together)

    async def write(self, caller: Caller, body: Callable[[UnitOfWork], T]) -> T:
        """Run `body` in one unit of work: all of its rows and events are committed, or none.

        On SQLite, bodies that wait for the one writer together share a commit (`group.py`).
        """
        result: T = await self._writes.run((caller, body))
        return result

    async def read(self, body: Callable[[View], T]) -> T:
        """Run `body` on one snapshot."""

        def run(connection: Connection) -> T:
            with connection.begin():
                return body(View(connection, self.clock.now()))

        return await self.database.reader.run(run)

    async def keep(self, body: Callable[[Books], T]) -> T:
        """Run `body` on the books, in a short transaction; on SQLite with the others that wait."""
        result: T = await self._keeps.run(body)
        return result

    async def look(self, body: Callable[[Books], T]) -> T:
        """Run `body` on one snapshot of the books. For pages: what writes books does not wait for it."""

        def run(connection: Connection) -> T:
            with connection.begin():
                return body(Books(connection, self.clock.now()))

        return await self.database.books_reader.run(run)

    async def keep_log(self, body: Callable[[Connection], T]) -> T:
        """Run the sequencer's or retention's step in a short transaction on the log's database."""

        def run(connection: Connection) -> T:
            with connection.begin():
                return body(connection)

        lane = self.database.writer if self.database.is_sqlite else self.database.books
        return await lane.run(lambda connection: self._retrying(lambda _attempt: run(connection)))

    def _commit(self, connection: Connection, unit: Write) -> Any:
        caller, body = unit

        def once(attempt: int) -> Any:
            with connection.begin():
                if attempt >= PATIENCE and not self.database.is_sqlite:
                    connection.execute(_ALONE)
                work = self._work(connection, caller)
                result = body(work)
                self._append(connection, [(work.caller, work.seal())])
            return result

        result = self._retrying(once)
        self._notify()
        return result

    def _commit_together(self, connection: Connection, units: Sequence[Write]) -> Sequence[Outcome]:
        outcomes: list[Outcome] = []
        done: list[tuple[Caller, Sequence[Draft]]] = []

        def append() -> None:
            self._append(connection, done)
            done.clear()

        with connection.begin():
            for caller, body in units:
                work = self._work(connection, caller, before_reading_log=append)
                try:
                    outcomes.append(Done(body(work)))
                    done.append((work.caller, work.seal()))
                except AuthsomeError as refusal:
                    if work.has_changed:
                        raise  # undoes the group; each body then runs alone
                    outcomes.append(Refused(refusal))
            append()
        self._notify()
        return outcomes

    def _work(
        self,
        connection: Connection,
        caller: Caller,
        *,
        before_reading_log: Callable[[], None] | None = None,
    ) -> UnitOfWork:
        return UnitOfWork(
            connection,
            caller,
            clock=self.clock,
            ids=self.ids,
            entropy=self.entropy,
            before_reading_log=before_reading_log,
        )

    def _append(self, connection: Connection, parts: Sequence[tuple[Caller, Sequence[Draft]]]) -> None:
        self.appender.append_all(connection, parts, position=self.database.is_sqlite)

    def _notify(self) -> None:
        for notify in self.on_commit:
            notify()

    def _keep(self, connection: Connection, body: Keep) -> Any:
        def once(_attempt: int) -> Any:
            with connection.begin():
                return body(Books(connection, self.clock.now()))

        return self._retrying(once)

    def _keep_together(self, connection: Connection, bodies: Sequence[Keep]) -> Sequence[Outcome]:
        with connection.begin():
            return [Done(body(Books(connection, self.clock.now()))) for body in bodies]

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
