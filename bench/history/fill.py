"""A history into the registry file of an installation, and into a file of lines for another engine."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import IO

from authsome.kit.clock import SystemClock
from authsome.kit.ids import Ids, SystemEntropy
from authsome.store.database import SQLITE_FILES, Database, sqlite_url
from authsome.store.open import open_store
from authsome.store.sequencer import Head
from bench.history.days import days
from bench.history.plan import Plan
from bench.history.spell import COLUMNS, Row, Speller

INSERT = f"INSERT INTO event_log ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
INSERT_LOCAL = "INSERT INTO event_local (event_id, field, value, salt) VALUES (?, ?, ?, ?)"
# Nobody else reads the file meanwhile, and who is interrupted begins again.
LOADING = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY")
AT_ONCE = 20_000


def fill(folder: Path, plan: Plan, lines: Path | None = None) -> None:
    """Write the plan's facts behind those that are there; a new folder becomes a new installation.

    `lines` gets each fact's name, time and fields, one in a line.
    """
    installation_id = asyncio.run(_install(folder))
    with closing(sqlite3.connect(folder / SQLITE_FILES[0], isolation_level=None)) as registry:
        for pragma in LOADING:
            registry.execute(f"PRAGMA {pragma}")
        position, chain = registry.execute("SELECT position, chain FROM log_head").fetchone()
        speller = Speller(
            installation_id, Head(position, bytes(chain)), new_id=quick_ids(), entropy=SystemEntropy()
        )
        if lines is None:
            _fill(registry, speller, plan, None)
        else:
            with lines.open("w", encoding="utf-8") as out:
                _fill(registry, speller, plan, out)
        registry.execute("PRAGMA journal_mode=WAL")


def _fill(registry: sqlite3.Connection, speller: Speller, plan: Plan, out: IO[str] | None) -> None:
    registry.execute("BEGIN")
    for facts in days(plan):
        for first in range(0, len(facts), AT_ONCE):
            rows, local = speller.rows(facts[first : first + AT_ONCE])
            registry.executemany(INSERT, rows)
            registry.executemany(INSERT_LOCAL, local)
            if out is not None:
                out.writelines(map(_line, rows))
    head = speller.head
    registry.execute("UPDATE log_head SET position = ?, chain = ?", (head.position, head.chain))
    registry.execute("COMMIT")


def _line(row: Row) -> str:
    return f'{{"name":"{row[3]}","occurred_at":{row[5]},"fields":{row[10]}}}\n'


async def _install(folder: Path) -> str:
    clock, entropy = SystemClock(), SystemEntropy()
    store = await open_store(
        Database(sqlite_url(folder)), clock=clock, ids=Ids(clock, entropy), entropy=entropy
    )
    store.close()
    return store.installation_id


def quick_ids() -> Callable[[], str]:
    """Ids of facts, in the form of the gateway's own and in order, but without its randomness."""
    front = Ids(SystemClock(), SystemEntropy()).new("evt")[:-16]
    numbers = itertools.count(1)
    return lambda: f"{front}{next(numbers):016}"
