"""What the rollups cost to keep, and what the dashboard costs with them against without.

The baseline reads the same counts from the log itself, as a page without rollups would have to: its cost
grows with the events, that of the rollups with the days and subjects shown.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from statistics import median

from sqlalchemy import Connection, text

from authsome.analytics.asked import Asked
from authsome.analytics.projections.project import Projector
from authsome.analytics.reader import Reader
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from bench.facts import add_log_ins, empty_store
from bench.figure import Figure, Scale

DAYS = 90
AIM_MS, AIM_FACTS = 10, 20_000


def run(scale: Scale) -> list[Figure]:
    return asyncio.run(_run(events=int(40_000 * scale.seconds), rounds=scale.rounds))


async def _run(events: int, rounds: int) -> list[Figure]:
    async with empty_store() as (store, clock):
        return await _measure(store, clock, events, rounds)


async def _measure(store: Store, clock: SimulatedClock, events: int, rounds: int) -> list[Figure]:
    await add_log_ins(store, clock, events, over=timedelta(days=DAYS))
    began, worked = time.perf_counter(), time.process_time()
    folded = await Projector(store, "UTC").catch_up()
    rate, worked = folded / (time.perf_counter() - began), time.process_time() - worked
    began = time.perf_counter()
    read = await _read_all(store)
    bare = read / (time.perf_counter() - began)
    reader = Reader(store, "UTC")
    page = await _milliseconds(lambda: reader.answer("adoption", Asked(days=DAYS)), rounds)
    raw = await _milliseconds(lambda: store.database.reader.run(_from_the_log), rounds)
    return [
        Figure(
            what="facts folded into the rollups",
            value=rate,
            unit="/s",
            baseline=bare,
            against="reading them and no more",
            aim=f"> {AIM_FACTS:,} /s",
            note=f"{events:,} in the log, {worked / folded * 1e6:.0f} us of processor for each",
        ),
        Figure(
            what=f"the dashboard over {DAYS} days",
            value=page,
            unit="ms",
            baseline=raw,
            against="the counts by day and event, from the log",
            aim=f"< {AIM_MS} ms",
        ),
    ]


async def _read_all(store: Store) -> int:
    position = 0
    while facts := await store.read(lambda view, after=position: view.event_log.after(after, 1_000)):  # type: ignore[misc]
        position = facts[-1].position or 0
    return position


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
