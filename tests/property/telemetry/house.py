"""Servers of one installation that can die at every seam, on databases that cost little to make."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import threading
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum, auto
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, text

from authsome.kit.ids import SystemEntropy
from authsome.kit.secret import Secret
from authsome.store.database import sqlite_url
from authsome.store.sequencer import GENESIS
from authsome.store.tables import BOOKKEEPING, LOG, REGISTRY
from authsome.store.tables.log import log_head
from authsome.store.tables.registry import setting
from authsome.store.transactions import Store
from authsome.telemetry.relay import Pace, Relay
from authsome.telemetry.sink import Outcome, Outgoing, Sink
from authsome.telemetry.sinks.posthog.send import PostHogSink
from authsome.telemetry.sinks.posthog.send_v1 import PostHogV1Sink
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import PostHogSimulator
from tests.support.crash import Crash
from tests.support.databases import fresh_postgres, fresh_sqlite, store_at

PACE = Pace(first_retry=0.001, longest_retry=0.002)
THREADS = 4  # of a lane on PostgreSQL
_numbers = itertools.count(1)

MakeDatabase = Callable[[], str]


class Death(Enum):
    """Where a process dies while it sends."""

    BEFORE_POSTING = auto()
    WITH_THE_ANSWER = auto()


class MortalSink:
    """A sink whose process may die on either side of a request, and while others act."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.name, self.destination, self.needs_consent = sink.name, sink.destination, sink.needs_consent
        self.death: Death | None = None
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    def objection(self, fact: Outgoing) -> str | None:
        return self._sink.objection(fact)

    def render(self, facts: Sequence[Outgoing]) -> bytes:
        return self._sink.render(facts)

    async def send(self, facts: Sequence[Outgoing]) -> Outcome:
        if self.death is Death.BEFORE_POSTING:
            raise Crash
        outcome = await self._sink.send(facts)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        if self.death is Death.WITH_THE_ANSWER:
            raise Crash
        return outcome

    async def close(self) -> None:
        await self._sink.close()


class Server:
    """One process: a store of its own, and a relay where its environment allows one."""

    def __init__(self, store: Store, sink: MortalSink, relay: Relay | None) -> None:
        self.store = store
        self.sink = sink
        self.relay = relay

    @classmethod
    async def start(
        cls, url: str, clock: SimulatedClock, posthog: PostHogSimulator, *, v1: bool, sends: bool
    ) -> Server:
        """The process before it has settled what may leave."""
        store = await store_at(url, clock)
        made = (PostHogV1Sink if v1 else PostHogSink)(
            host=posthog.url, key=Secret(posthog.key), clock=clock, within=0.15
        )
        sink, holder = MortalSink(made), f"server_{next(_numbers)}"
        relay = Relay(store, sink, holder=holder, entropy=SystemEntropy(), pace=PACE) if sends else None
        return cls(store, sink, relay)

    @property
    def engines(self) -> tuple[Engine, ...]:
        database = self.store.database
        return (database.writer.engine, database.books.engine, database.reader.engine)

    async def connect_anew(self) -> None:
        """Let each thread of each lane find its connection gone; a new one must work."""
        database = self.store.database
        for lane in (database.writer, database.books, database.reader):
            for expected in (True, False):
                together = threading.Barrier(THREADS)
                looks = (lane.run(partial(look, together)) for _ in range(THREADS))
                await asyncio.gather(*looks, return_exceptions=expected)

    async def die(self) -> None:
        """Nothing is released: leases stay until they have run out."""
        await self.sink.close()
        self.store.close()


def look(together: threading.Barrier, connection: Connection) -> None:
    together.wait(10)
    with connection.begin():
        connection.execute(text("SELECT 1"))


def sqlite_databases(folder: Path) -> MakeDatabase:
    """A fresh copy of one migrated database each time: migrating anew would be most of the time."""
    template, copy = folder / "template", folder / "copy"
    asyncio.run(_open(fresh_sqlite(template)))

    def make() -> str:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(template, copy)
        return sqlite_url(copy)

    return make


def postgres_databases(server: str) -> MakeDatabase:
    """The same database each time, emptied: to make one takes PostgreSQL half a second."""
    url = fresh_postgres(server)
    asyncio.run(_open(url))

    def make() -> str:
        engine = create_engine(url)
        with engine.begin() as connection:
            for table in (*REGISTRY, *LOG, *BOOKKEEPING):
                if table not in (setting, log_head):  # the installation stays the same one
                    connection.execute(table.delete())
            connection.execute(log_head.update().values(position=0, chain=GENESIS))
        engine.dispose()
        return url

    return make


async def _open(url: str) -> None:
    (await store_at(url, SimulatedClock())).close()
