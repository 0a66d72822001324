"""A database that was away is used again as soon as it is back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import create_engine, text

from authsome.store.database import IDLE_SECONDS, DatabaseUnreachable
from authsome.store.transactions import Store
from authsome.store.view import View
from authsome.testing.clock import SimulatedClock
from tests.support.databases import fresh_postgres, store_at

pytestmark = pytest.mark.postgres


@pytest.fixture
def url(postgres_server: str) -> str:
    return fresh_postgres(postgres_server)


@pytest.fixture
async def store(url: str, clock: SimulatedClock) -> AsyncIterator[Store]:
    opened = await store_at(url, clock)
    yield opened
    opened.close()


def restart(url: str) -> None:
    """End every other connection to this database, as a restart of PostgreSQL does."""
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


async def look(store: Store) -> int:
    return await store.read(lambda view: view.event_log.head())


async def test_a_connection_that_lay_idle_over_a_restart_fails_nobody(store: Store, url: str) -> None:
    await asyncio.gather(*(look(store) for _ in range(20)))  # every thread has a connection by now
    await store.keep(lambda books: books.servers.dropped())
    restart(url)
    await asyncio.sleep(IDLE_SECONDS * 1.2)
    await asyncio.gather(*(look(store) for _ in range(20)))
    await store.keep(lambda books: books.servers.dropped())
    await store.keep_log(lambda connection: connection.execute(text("SELECT 1")).scalar())


async def test_a_connection_that_breaks_in_use_is_said_to_be_unreachable_and_replaced(
    store: Store, url: str
) -> None:
    def body(view: View) -> int:
        restart(url)
        return view.event_log.head()

    with pytest.raises(DatabaseUnreachable):
        await store.read(body)
    assert await look(store) >= 0
