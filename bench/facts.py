"""Facts in a store's log, put there by the log's own writer, many at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from authsome.kit.caller import server_caller
from authsome.kit.ids import Ids
from authsome.principal.events import PrincipalLoggedIn
from authsome.principal.model import SessionKind
from authsome.store.database import Database, sqlite_url
from authsome.store.event_log import Draft
from authsome.store.open import open_store
from authsome.store.transactions import Store
from authsome.testing.clock import SeededEntropy, SimulatedClock
from bench.servers import folder

PRINCIPALS, BATCH = 500, 2_000


@asynccontextmanager
async def empty_store() -> AsyncIterator[tuple[Store, SimulatedClock]]:
    """A store in a folder of its own, with a clock that its owner moves."""
    with folder() as home:
        clock, entropy = SimulatedClock(), SeededEntropy()
        database = Database(sqlite_url(home))
        store = await open_store(database, clock=clock, ids=Ids(clock, entropy), entropy=entropy)
        try:
            yield store, clock
        finally:
            store.close()


async def add_log_ins(store: Store, clock: SimulatedClock, count: int, *, over: timedelta) -> None:
    """Log-ins of some hundred principals, evenly over a time."""
    step = over / count

    def write(first: int, connection: Connection) -> None:
        drafts = []
        for number in range(first, min(first + BATCH, count)):
            clock.advance(step)
            event = PrincipalLoggedIn(
                principal_id=f"prn_{number % PRINCIPALS}",
                session_id=store.ids.new("ses"),
                kind=SessionKind.BROWSER,
            )
            drafts.append(Draft(event, clock.now()))
        store.appender.append(connection, server_caller(store.installation_id), drafts, position=True)

    for first in range(0, count, BATCH):
        await store.keep_log(partial(write, first))
