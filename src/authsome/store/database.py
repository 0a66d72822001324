"""Engines and threads: which connection runs what.

SQLite has one writer, so one thread owns the writing connection and runs whole units of work on it;
the books have a file, a connection and a thread of their own, so that their many small commits do not
wait for the registry's `fsync`. Readers of either see a snapshot (WAL) and never block. On PostgreSQL the
same lanes are pools of threads with a connection each, and one pool reads all.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from authsome.kit.errors import UnavailableError

T = TypeVar("T")

SQLITE_FILES = ("registry.db", "ledger.db")
BUSY_MILLISECONDS = 5_000
IDLE_SECONDS = 0.5  # after which a connection is looked at before it is used


class DatabaseUnreachable(UnavailableError):
    """The database cannot be reached right now."""

    code = "database_unreachable"
    hint = "look whether it runs; the server goes on by itself once it is back"


class Lane:
    """A pool of threads, each with one connection of its own that lives as long as the thread.

    A connection that lay idle is looked at before it is used, so that a database that was restarted
    meanwhile fails nobody's request.
    """

    def __init__(self, engine: Engine, threads: int, name: str) -> None:
        self.engine = engine
        self._local = threading.local()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=f"authsome-{name}")
        self._open: list[Connection] = []
        self._is_file = engine.dialect.name == "sqlite"
        self.is_closed = False

    async def run(self, body: Callable[[Connection], T]) -> T:
        """Run `body` on one of the lane's threads, outside any transaction."""
        return await self.start(body)

    def start(self, body: Callable[[Connection], T]) -> asyncio.Future[T]:
        """The same, for those who do not wait but are told. Raises `DatabaseUnreachable` after `close`."""
        if self.is_closed:
            raise DatabaseUnreachable
        return asyncio.get_running_loop().run_in_executor(self._pool, self._call, body)

    def _call(self, body: Callable[[Connection], T]) -> T:
        try:
            connection = self._connection()
        except OperationalError as error:
            raise DatabaseUnreachable from error
        try:
            return body(connection)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise DatabaseUnreachable from error
            raise
        finally:
            self._local.used_at = time.monotonic()

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None or not self._is_alive(connection):
            if connection is not None:
                self._open.remove(connection)
                connection.close()
            self._local.connection = None
            self._local.connection = connection = self.engine.connect()
            self._open.append(connection)
        return connection

    def _is_alive(self, connection: Connection) -> bool:
        if connection.closed or connection.invalidated:
            return False
        if self._is_file or time.monotonic() - self._local.used_at < IDLE_SECONDS:
            return True
        raw, dialect = connection.connection.dbapi_connection, self.engine.dialect
        assert raw is not None
        try:
            return dialect.do_ping(raw)
        except dialect.loaded_dbapi.Error:
            connection.invalidate()
            return False

    def close(self) -> None:
        """Let running work finish, then close every connection."""
        self.is_closed = True
        self._pool.shutdown(wait=True)
        for connection in self._open:
            connection.close()
        self.engine.dispose()


class Database:
    """The lanes over one database: writes, books, reads, and reads of the books."""

    def __init__(self, url: str, *, durable_books: bool = False, threads: int = 4) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            folder = Path(parsed.database or ".")
            registry, ledger = (folder / name for name in SQLITE_FILES)
            self.writer = Lane(_sqlite(registry, "FULL", immediate=True), 1, "writer")
            books = "FULL" if durable_books else "NORMAL"
            self.books = Lane(_sqlite(ledger, books, immediate=True), 1, "books")
            self.reader = Lane(_sqlite(registry, "FULL", immediate=False), threads, "reader")
            self.books_reader = Lane(_sqlite(ledger, books, immediate=False), 2, "pages")
        else:
            self.writer = Lane(_postgres(url, "SERIALIZABLE", threads), threads, "writer")
            self.books = Lane(_postgres(url, "READ COMMITTED", threads), threads, "books")
            self.reader = Lane(_postgres(url, "REPEATABLE READ", threads), threads, "reader")
            self.books_reader = self.reader

    def close(self) -> None:
        for lane in dict.fromkeys((self.reader, self.books_reader, self.writer, self.books)):
            lane.close()


def sqlite_url(folder: Path) -> str:
    """The URL of an embedded database: a folder that holds the registry and the ledger."""
    return f"sqlite:///{folder}"


def _sqlite(path: Path, synchronous: str, *, immediate: bool) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            f"query_only={'OFF' if immediate else 'ON'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # IMMEDIATE takes the write lock first. A deferred transaction that reads and then writes
        # fails with SQLITE_BUSY, which no busy timeout cures.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _postgres(url: str, isolation: str, threads: int) -> Engine:
    dialect = make_url(url).set(drivername="postgresql+psycopg")
    return create_engine(dialect, isolation_level=isolation, pool_size=threads, pool_pre_ping=True)
