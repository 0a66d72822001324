"""An installation that has grown: filled, appended to and projected, each in a process of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from authsome.analytics.projections.project import Projector
from authsome.kit.caller import server_caller
from authsome.kit.clock import SystemClock
from authsome.kit.ids import Ids, SystemEntropy
from authsome.principal.events import PrincipalLoggedIn
from authsome.principal.model import SessionKind
from authsome.store.database import SQLITE_FILES, Database, sqlite_url
from authsome.store.event_log import Draft
from authsome.store.open import open_store
from authsome.store.transactions import Store

T = TypeVar("T")
APPENDED, BATCH = 20_000, 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Projected:
    """What it took to fold so many facts: by the clock, of a processor, and of memory at the most."""

    facts: int
    seconds: float
    worked: float
    peak_mb: float

    @property
    def per_second(self) -> float:
        return self.facts / self.seconds


def apart(body: Callable[[], T]) -> T:
    """Run it in a new process, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(body).result()


async def opened(folder: Path) -> Store:
    clock, entropy = SystemClock(), SystemEntropy()
    return await open_store(
        Database(sqlite_url(folder)), clock=clock, ids=Ids(clock, entropy), entropy=entropy
    )


def append(folder: Path) -> float:
    """Facts that the log's own writer appends in a second, many in a transaction."""
    return asyncio.run(_append(folder))


async def _append(folder: Path) -> float:
    store = await opened(folder)
    began = time.perf_counter()
    for first in range(0, APPENDED, BATCH):
        await store.keep_log(partial(_log_ins, store=store, first=first))
    seconds = time.perf_counter() - began
    store.close()
    return APPENDED / seconds


def _log_ins(connection: Connection, store: Store, first: int) -> None:
    now = store.clock.now()
    events = [
        PrincipalLoggedIn(
            principal_id=f"prn_bench{number % 500}",
            session_id=store.ids.new("ses"),
            kind=SessionKind.BROWSER,
        )
        for number in range(first, first + BATCH)
    ]
    drafts = [Draft(event, now) for event in events]
    store.appender.append(connection, server_caller(store.installation_id), drafts, position=True)


def project(folder: Path) -> Projected:
    """Fold everything that is behind the cursor."""
    return asyncio.run(_project(folder))


async def _project(folder: Path) -> Projected:
    store = await opened(folder)
    began, worked = time.perf_counter(), time.process_time()
    facts = await Projector(store, "UTC").catch_up()
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    return Projected(facts=facts, seconds=seconds, worked=worked, peak_mb=peak)


def megabytes(folder: Path) -> tuple[float, float]:
    """What registry (nearly all of it the log) and ledger (nearly all of it rollups) take on the disk."""
    registry, ledger = (
        sum(path.stat().st_size for path in folder.glob(f"{name}*")) / 1e6 for name in SQLITE_FILES
    )
    return registry, ledger
