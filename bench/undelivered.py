"""What a server holds in memory while PostHog hangs and facts pile up: they wait in the log, not in memory.

The facts are put into the log of a stopped server by the log's own writer. The started one reads them all for
its rollups and cannot get rid of any.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import create_engine, text

from authsome.kit.clock import SystemClock
from authsome.kit.ids import Ids, SystemEntropy
from authsome.store.database import SQLITE_FILES, Database, sqlite_url
from authsome.store.open import open_store
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import Hang, PostHogSimulator
from bench.facts import add_log_ins
from bench.figure import Figure, Scale
from bench.processes import resident_mb
from bench.servers import folder
from tests.support.server import RealServer

WAITING = (10_000, 100_000, 1_000_000)
PATIENCE_SECONDS = 600


def run(scale: Scale) -> list[Figure]:
    waiting = WAITING if scale == Scale.full() else WAITING[:2]
    with folder() as home, PostHogSimulator() as posthog:
        posthog.always(Hang())
        settings = {
            "AUTHSOME_ENV": "prod",
            "AUTHSOME_POSTHOG_API_KEY": posthog.key,
            "AUTHSOME_POSTHOG_HOST": posthog.url,
            "AUTHSOME_DO_NOT_TRACK": "0",
        }
        held = _held(RealServer(home, **settings), waiting)
    return [
        Figure(
            what=f"memory, {count:,} facts undelivered",
            value=memory,
            unit="MB",
            baseline=held[waiting[0]],
            against=f"with {waiting[0]:,}",
            aim="flat, < 1.1x",
        )
        for count, memory in held.items()
    ]


def _held(server: RealServer, waiting: tuple[int, ...]) -> dict[int, float]:
    held, there = {}, 0
    server.start()  # makes the database, and opens the window of consent
    for count in waiting:
        server.stop()
        asyncio.run(_add(server.home / "server", count - there))
        there = count
        server.start()
        _until_read(server.home / "server")
        held[count] = resident_mb(server.file.pid)
    server.stop()
    return held


async def _add(private: Path, count: int) -> None:
    clock, entropy = SimulatedClock(SystemClock().now()), SystemEntropy()
    ids = Ids(clock, entropy)
    store = await open_store(Database(sqlite_url(private)), clock=clock, ids=ids, entropy=entropy)
    try:
        await add_log_ins(store, clock, count, over=timedelta(minutes=1))
    finally:
        store.close()


def _until_read(private: Path) -> None:
    """Wait until the rollups have all of it, and the relay has tried in vain."""
    registry, ledger = (create_engine(f"sqlite:///{private / name}") for name in SQLITE_FILES)
    deadline = time.monotonic() + PATIENCE_SECONDS
    with registry.connect() as log, ledger.connect() as books:
        while time.monotonic() < deadline:
            head = log.execute(text("SELECT position FROM log_head")).scalar()
            read = books.execute(text("SELECT position FROM cursor WHERE reader = 'analytics'")).scalar()
            log.rollback()
            books.rollback()
            if read == head:
                break
            time.sleep(0.5)
    registry.dispose()
    ledger.dispose()
    time.sleep(2)
