"""An empty database becomes a store by itself, also when several servers come to it at once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from authsome.store.database import sqlite_url
from authsome.store.migrate import migrate
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.support.databases import empty_postgres, store_at


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without a table: everywhere else tests get one that is migrated."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    return empty_postgres(request.getfixturevalue("postgres_server"))


async def test_it_is_one_installation_over_restarts(store: Store, database_url: str) -> None:
    again = await store_at(database_url, SimulatedClock())
    assert again.installation_id == store.installation_id
    assert await again.read(lambda view: view.event_log.head()) == 0
    await migrate(again.database)
    again.close()


async def test_three_servers_that_come_together_are_one_installation(
    database_url: str, clock: SimulatedClock
) -> None:
    stores = await asyncio.gather(*(store_at(database_url, clock) for _ in range(3)))
    assert len({store.installation_id for store in stores}) == 1
    for store in stores:
        store.close()
