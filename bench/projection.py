"""What the rollups cost to keep, and what the dashboard costs with them against without.

The baseline reads the same counts from the log itself, as a page without rollups would have to: its cost
grows with the events, that of the rollups with the days and subjects shown.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from statistics import median

from sqlalchemy import Connection, text

from authsome.analytics.projections.project import Projector
from authsome.analytics.reader import Reader
from authsome.kit.caller import server_caller
from authsome.kit.ids import Ids
from authsome.principal.events import PrincipalLoggedIn
from authsome.principal.model import SessionKind
from authsome.store.database import Database, sqlite_url
from authsome.store.event_log import Draft
from authsome.store.open import open_store
from authsome.store.transactions import Store
from authsome.testing.clock import SeededEntropy, SimulatedClock
from bench.figure import Figure, Scale
from bench.servers import folder

DAYS, PRINCIPALS, BATCH = 90, 500, 2_000
AIM_MS = 10


def run(scale: Scale) -> list[Figure]:
    return asyncio.run(_run(events=int(40_000 * scale.seconds), rounds=scale.rounds))


async def _run(events: int, rounds: int) -> list[Figure]:
    with folder() as home:
        clock, entropy = SimulatedClock(), SeededEntropy()
        database = Database(sqlite_url(home))
        store = await open_store(database, clock=clock, ids=Ids(clock, entropy), entropy=entropy)
        try:
            return await _measure(store, clock, events, rounds)
        finally:
            store.close()


async def _measure(store: Store, clock: SimulatedClock, events: int, rounds: int) -> list[Figure]:
    await _fill(store, clock, events)
    began = time.perf_counter()
    folded = await Projector(store, "UTC").catch_up()
    rate = folded / (time.perf_counter() - began)
    reader = Reader(store, "UTC")
    page = await _milliseconds(lambda: reader.adoption(DAYS), rounds)
    raw = await _milliseconds(lambda: store.database.reader.run(_from_the_log), rounds)
    return [
        Figure(what="facts folded into the rollups", value=rate, unit="/s", note=f"{events:,} in the log"),
        Figure(
            what=f"the dashboard over {DAYS} days",
            value=page,
            unit="ms",
            baseline=raw,
            against="the counts by day and event, from the log",
            aim=f"< {AIM_MS} ms",
        ),
    ]


async def _fill(store: Store, clock: SimulatedClock, events: int) -> None:
    """Log-ins over the time shown; adding them to the log is not what is measured."""
    step = timedelta(days=DAYS) / events

    def write(first: int, connection: Connection) -> None:
        drafts = []
        for number in range(first, min(first + BATCH, events)):
            clock.advance(step)
            event = PrincipalLoggedIn(
                principal_id=f"prn_{number % PRINCIPALS}",
                session_id=f"ses_{number}",
                kind=SessionKind.BROWSER,
            )
            drafts.append(Draft(event, clock.now()))
        store.appender.append(connection, server_caller(store.installation_id), drafts, position=True)

    for first in range(0, events, BATCH):
        await store.keep_log(partial(write, first))


def _from_the_log(connection: Connection) -> int:
    day = f"occurred_at / {86_400 * 1_000_000}"
    query = text(f"SELECT name, {day}, count(*) FROM event_log GROUP BY name, {day}")
    with connection.begin():
        return len(connection.execute(query).all())


async def _milliseconds(ask: Callable[[], Awaitable[object]], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - began) * 1e3)
    return median(taken)
