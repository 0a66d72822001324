"""Everything that a server does besides answering: position, project, send, count, sweep.

On SQLite a commit is positioned already, so it wakes the readers itself. On PostgreSQL it wakes the
sequencer, and the sequencer wakes the readers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Protocol

from authsome import __version__
from authsome.analytics.retain import retain
from authsome.auth_session.expire import expire_overdue as expire_auth_sessions
from authsome.claim.expire import expire_overdue as expire_claims
from authsome.connection.oauth.expire import expire_overdue as expire_connections
from authsome.run.lost import sweep as sweep_runs
from authsome.runtime.oauth.device.polls import DevicePolls
from authsome.runtime.oauth.device.polls import forget_past as forget_past_polls
from authsome.runtime.oauth.parts import parts_of
from authsome.runtime.providers.check import DueChecks
from authsome.runtime.repeat import Repeat
from authsome.runtime.runtime import Runtime
from authsome.store.books.books import Books
from authsome.store.open import record_start
from authsome.store.sequencer import sequence
from authsome.telemetry.usage.report import forget_reported_hours, report_closed_hours

AUDIT_PERIOD = timedelta(days=400)
REFRESHES_KEPT = timedelta(days=1)
STOP_SECONDS = 3.0


class Worker(Protocol):
    """Runs until it is told to stop."""

    async def run(self) -> None: ...
    def stop(self) -> None: ...


class LogReader(Worker, Protocol):
    """A worker that follows the event log and wants to know when there is more of it."""

    def wake(self) -> None: ...


@asynccontextmanager
async def run_background(
    runtime: Runtime, readers: Sequence[LogReader], others: Sequence[Worker] = ()
) -> AsyncIterator[None]:
    """Do the background work while the block runs; ends within seconds, whatever hangs outside.

    `readers` are woken by commits, `others` look for themselves.
    """
    store = runtime.store

    def wake_readers() -> None:
        for reader in readers:
            reader.wake()

    async def position() -> int:
        count = await store.keep_log(sequence)
        if count:
            wake_readers()
        return count

    # Commits that follow one another share a step: each one syncs the disk that the next commit waits for.
    sequencer = Repeat("sequencer", position, every=0.25, linger=0.02)
    store.on_commit.append(wake_readers if store.database.is_sqlite else sequencer.wake)
    polls = DevicePolls(parts_of(runtime), store, server=runtime.server)
    keep = partial(retain, store, keep_audit=AUDIT_PERIOD, time_zone=runtime.config.time_zone)
    workers: list[Worker] = [
        *readers,
        *others,
        Repeat("usage", runtime.usage.flush, every=3.0),
        Repeat("usage report", lambda: report_closed_hours(store, runtime.server), every=30.0),
        Repeat("checks", DueChecks(runtime).carry_out, every=2.0),
        Repeat("revocations", runtime.revoker.carry_out, every=3.0),
        Repeat("sweep", lambda: _sweep(runtime), every=20.0),
        Repeat("device codes", polls.look, every=1.0),
        Repeat("retention", keep, every=3600.0),
    ]
    if not store.database.is_sqlite:
        workers.append(sequencer)
    await record_start(store, __version__)
    async with _running(workers):
        yield
        await polls.drain(STOP_SECONDS)


@asynccontextmanager
async def _running(workers: Sequence[Worker]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        yield
    finally:
        for worker in workers:
            worker.stop()
        _done, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _forget_past(books: Books) -> None:
    books.limits.forget_past()
    books.drafts.forget_past()
    forget_past_polls(books)
    books.refreshes.forget_past(before=books.now - REFRESHES_KEPT)


async def _sweep(runtime: Runtime) -> bool:
    """End what nobody came back for; true while there may be more."""
    store, server = runtime.store, runtime.server
    ended = await store.write(server, expire_claims) + await store.write(server, expire_auth_sessions)
    ended += await store.write(server, expire_connections)
    ended += await sweep_runs(store, runtime.run_leases, server=server)
    await store.keep(_forget_past)
    return ended + await forget_reported_hours(store) > 0
