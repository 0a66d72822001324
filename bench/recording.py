"""What it costs to record one fact inside a write, on SQLite with and without a sync for each commit.

The same write is done in turns with the log's appender and with one that writes nothing; the difference is
the fact: its row, its uuid, its salted digests, its position and its link in the hash chain.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from functools import partial
from statistics import median
from typing import Any

from sqlalchemy import event

from authsome.claim.register import register
from authsome.identity.did import encode
from authsome.kit.caller import server_caller
from authsome.kit.clock import SystemClock
from authsome.kit.ids import Ids, SystemEntropy
from authsome.store.database import Database, sqlite_url
from authsome.store.open import open_store
from authsome.store.transactions import Store
from bench.figure import Figure, Scale, middle_half
from bench.servers import folder
from bench.silent import silent_appender

AIM_MICROSECONDS = 100


def run(scale: Scale) -> list[Figure]:
    return [asyncio.run(_figure(synchronous, scale)) for synchronous in ("NORMAL", "FULL")]


async def _figure(synchronous: str, scale: Scale) -> Figure:
    with folder() as home:
        database = Database(sqlite_url(home))

        def careless(connection: sqlite3.Connection, _record: Any) -> None:
            connection.execute(f"PRAGMA synchronous={synchronous}")

        event.listen(database.writer.engine, "connect", careless)
        clock, entropy = SystemClock(), SystemEntropy()
        store = await open_store(database, clock=clock, ids=Ids(clock, entropy), entropy=entropy)
        try:
            pairs = await _pairs(store, 4 * scale.repeats)
        finally:
            store.close()
    costs = [loud - silent for loud, silent in pairs]
    return Figure(
        what=f"a fact inside a write, synchronous={synchronous}",
        value=median(loud for loud, _ in pairs) - median(silent for _, silent in pairs),
        unit="µs",
        baseline=median(silent for _, silent in pairs),
        against="the same write without the fact",
        aim=f"< {AIM_MICROSECONDS} µs" if synchronous == "NORMAL" else "",
        note=f"half of {len(costs)} pairs differ by {middle_half(costs)}",
    )


async def _pairs(store: Store, count: int) -> list[tuple[float, float]]:
    """Microseconds of a registration with its fact and of one without, one after the other."""
    caller, loud, silent = server_caller(store.installation_id), store.appender, silent_appender(store)
    found = []
    for number in range(count + 20):
        waits = {}
        for appender in (loud, silent) if number % 2 else (silent, loud):
            store.appender = appender
            body = partial(register, did=encode(os.urandom(32)), label=None, address_key="bench")
            began = time.perf_counter()
            await store.write(caller, body)
            waits[appender] = (time.perf_counter() - began) * 1e6
        found.append((waits[loud], waits[silent]))
    return found[20:]  # the first ones put statements together
