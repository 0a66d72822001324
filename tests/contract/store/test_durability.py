"""What a commit means on SQLite: rows and facts survive a power cut, the books may lose a second."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from authsome.kit.caller import server_caller
from authsome.store.database import Database, Lane, sqlite_url
from authsome.store.events import DatabaseKind, ServerStarted
from authsome.store.tables.log import event_log
from authsome.store.transactions import Store
from tests.support.databases import fresh_sqlite
from tests.support.log import all_events

NORMAL, FULL = 1, 2


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Only SQLite: PostgreSQL syncs each commit unless its own operator says otherwise."""
    return fresh_sqlite(tmp_path)


async def pragma(lane: Lane, name: str) -> Any:
    def ask(connection: Connection) -> Any:
        with connection.begin():
            return connection.execute(text(f"PRAGMA {name}")).scalar()

    return await lane.run(ask)


async def test_rows_and_facts_are_synced_and_the_books_are_not(store: Store) -> None:
    lanes = (store.database.writer, store.database.books)
    assert [await pragma(lane, "synchronous") for lane in lanes] == [FULL, NORMAL]
    assert [await pragma(lane, "journal_mode") for lane in lanes] == ["wal", "wal"]
    assert all([await pragma(lane, "busy_timeout") >= 5_000 for lane in lanes])


async def test_books_that_must_not_lose_a_second_can_be_synced_too(tmp_path: Path) -> None:
    folder = tmp_path / "durable"
    folder.mkdir()
    database = Database(sqlite_url(folder), durable_books=True)
    assert await pragma(database.books, "synchronous") == FULL
    database.close()


async def test_a_reader_cannot_write(store: Store) -> None:
    def write(connection: Connection) -> None:
        with connection.begin():
            connection.execute(event_log.delete())

    with pytest.raises(OperationalError, match="readonly"):
        await store.database.reader.run(write)


async def test_an_emptied_log_goes_on_where_it_was(store: Store) -> None:
    async def start() -> int:
        fact = ServerStarted(server_version="1", database=DatabaseKind.SQLITE)
        await store.write(server_caller(store.installation_id), lambda work: work.record(fact))
        return (await all_events(store))[-1].position or 0

    before = await start()
    await store.keep_log(lambda connection: connection.execute(event_log.delete()))
    assert await start() == before + 1
