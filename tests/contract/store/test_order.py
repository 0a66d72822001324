"""A reader that follows positions misses nothing, in whatever order transactions overlap."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import Connection, create_engine, text

from authsome.kit.caller import server_caller
from authsome.store.event_log import Draft, LoggedEvent
from authsome.store.events import DatabaseKind, ServerStarted
from authsome.store.sequencer import GENESIS, link, sequence
from authsome.store.tables.log import event_log
from authsome.store.transactions import Store
from tests.support.log import all_events, position_all

# Each transaction takes its id (by writing anything), then its seq (by inserting), then commits.
STEPS = ("id", "seq", "commit")
ORDERS = sorted(set(itertools.permutations("aaabbb")))


def started(store: Store) -> Draft:
    return Draft(ServerStarted(server_version="1", database=DatabaseKind.POSTGRESQL), store.clock.now())


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_no_interleaving_of_two_transactions_hides_a_row(store: Store) -> None:
    """All 20 ways in which two transactions take ids and seqs and commit, with a reader in between."""
    engine = create_engine(store.database.writer.engine.url)
    position, seen = 0, []
    for order in ORDERS:
        connections = {name: engine.connect() for name in "ab"}
        progress = dict.fromkeys("ab", 0)
        for name in order:
            step(store, connections[name], STEPS[progress[name]])
            progress[name] += 1
            await position_all(store)
            for row in await events_after(store, position):
                position = row.position or 0
                seen.append(row.id)
        for connection in connections.values():
            connection.close()
    engine.dispose()
    assert len(seen) == len(set(seen)) == 2 * len(ORDERS)


async def events_after(store: Store, position: int) -> list[LoggedEvent]:
    return await store.read(lambda view: view.event_log.after(position, 100))


def step(store: Store, connection: Connection, what: str) -> None:
    if what == "id":
        connection.execute(text("SELECT pg_current_xact_id()"))
    elif what == "seq":
        store.appender.append(
            connection, server_caller(store.installation_id), [started(store)], position=False
        )
    else:
        connection.commit()


async def test_positions_have_no_gaps_and_the_chain_covers_every_row(store: Store) -> None:
    for _ in range(5):
        await store.write(
            server_caller(store.installation_id), lambda work: work.record(started(store).event)
        )
    assert [e.position for e in await all_events(store)] == [1, 2, 3, 4, 5]
    rows = await store.database.reader.run(
        lambda c: c.execute(event_log.select().order_by(event_log.c.position)).mappings().all()
    )
    chain = GENESIS
    for row in rows:
        chain = link(chain, dict(row))
        assert row["chain"] == chain


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_second_sequencer_goes_home_while_one_is_at_work(store: Store) -> None:
    """On PostgreSQL: one writer at a time is SQLite's own rule."""
    await store.write(server_caller(store.installation_id), lambda work: work.record(started(store).event))
    engine = create_engine(store.database.writer.engine.url)
    with engine.connect() as first, engine.connect() as second:
        assert sequence(first) == 1
        assert sequence(second) == 0
        first.commit()
        assert sequence(second) == 0
    engine.dispose()
