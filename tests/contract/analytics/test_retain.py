"""What retention deletes stays in the numbers, and what is left of the log still proves itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from authsome.analytics.projections.project import READER, RETENTION, Projector
from authsome.analytics.retain import retain
from authsome.store.sequencer import link
from authsome.store.tables.log import event_local, event_log
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.support.crash import Crash, crash_before
from tests.support.history import agent, claimed, connected, log, registered, rollup_rows

YEAR, DAY, HOUR = timedelta(days=365), timedelta(days=1), timedelta(hours=1)
ZONE = "Europe/Berlin"


async def two_years(store: Store, clock: SimulatedClock) -> None:
    """Twelve facts that are old, twelve that are young."""
    for number in range(6):
        if number == 3:
            clock.advance(2 * YEAR)
        at = clock.now() + number * HOUR
        principal_id, handle = f"prn_{number}", f"brisk-amber-otter-{number:04}"
        await log(
            store,
            (at, registered(principal_id)),
            (at, agent(handle)),
            (at - DAY, claimed(handle, "prn_0")),
            (at, connected(f"con_{number}", principal_id, "custom", "warehouse")),
        )
    clock.advance(DAY)


async def rebuilt(store: Store) -> list[str]:
    """The rollups, made anew from the baseline and what is left of the log."""
    await store.keep(lambda books: books.cursors.set(READER, state={}))
    await Projector(store, ZONE).catch_up()
    return await rollup_rows(store)


async def left(store: Store) -> list[dict[str, Any]]:
    def read(connection: Connection) -> list[dict[str, Any]]:
        with connection.begin():
            query = select(event_log).order_by(event_log.c.position)
            return [dict(row) for row in connection.execute(query).mappings()]

    return await store.database.reader.run(read)


async def test_the_numbers_are_the_same_after_the_facts_are_gone(store: Store, clock: SimulatedClock) -> None:
    await two_years(store, clock)
    await Projector(store, ZONE).catch_up()
    before = await rollup_rows(store)
    assert await retain(store, keep_audit=YEAR, time_zone=ZONE) == 12
    assert await rollup_rows(store) == before
    assert await rebuilt(store) == before
    assert await retain(store, keep_audit=YEAR, time_zone=ZONE) == 0


async def test_what_is_left_verifies_from_the_chain_value_that_is_kept(
    store: Store, clock: SimulatedClock
) -> None:
    await two_years(store, clock)
    await Projector(store, ZONE).catch_up()
    await retain(store, keep_audit=YEAR, time_zone=ZONE)
    cursor = await store.keep(lambda books: books.cursors.find(RETENTION))
    assert cursor is not None
    assert cursor.position == 12
    chain = bytes.fromhex(cursor.state["chain"])
    rows = await left(store)
    assert [row["position"] for row in rows] == list(range(13, 25))
    for row in rows:
        chain = link(chain, row)
        assert row["chain"] == chain


async def test_local_values_go_with_their_facts(store: Store, clock: SimulatedClock) -> None:
    await two_years(store, clock)
    await Projector(store, ZONE).catch_up()
    await retain(store, keep_audit=YEAR, time_zone=ZONE)
    kept = {row["id"] for row in await left(store)}

    def owners(connection: Connection) -> set[str]:
        with connection.begin():
            return set(connection.execute(select(event_local.c.event_id)).scalars())

    found = await store.database.reader.run(owners)
    assert found
    assert found <= kept


async def test_one_young_fact_holds_back_what_comes_after_it(store: Store, clock: SimulatedClock) -> None:
    young = clock.now() + YEAR
    await log(store, (clock.now(), registered("prn_1")), (young, registered("prn_2")))
    await log(store, (clock.now(), registered("prn_3")))
    clock.advance(YEAR)
    await Projector(store, ZONE).catch_up()
    assert await retain(store, keep_audit=DAY, time_zone=ZONE) == 1
    assert [row["position"] for row in await left(store)] == [2, 3]


async def test_a_slow_reader_holds_facts_back_and_a_disabled_one_does_not(
    store: Store, clock: SimulatedClock
) -> None:
    await two_years(store, clock)
    await Projector(store, ZONE).catch_up()
    await store.keep(lambda books: books.cursors.open("sink:slow", at=5))
    assert await retain(store, keep_audit=YEAR, time_zone=ZONE) == 5
    await store.keep(lambda books: books.cursors.set("sink:slow", enabled=False))
    assert await retain(store, keep_audit=YEAR, time_zone=ZONE) == 7


async def test_facts_that_the_rollups_have_not_seen_stay(store: Store, clock: SimulatedClock) -> None:
    await store.keep(lambda books: books.cursors.open(READER))
    await two_years(store, clock)
    assert await retain(store, keep_audit=YEAR, time_zone=ZONE) == 0


async def test_rollups_that_were_off_while_facts_went_have_them_too(
    store: Store, clock: SimulatedClock
) -> None:
    await Projector(store, ZONE).catch_up()
    await Projector(store, ZONE, enabled=False).catch_up()
    await two_years(store, clock)
    assert await retain(store, keep_audit=YEAR, time_zone=ZONE) == 12
    await Projector(store, ZONE).catch_up()
    assert len(await left(store)) == 12
    rows = [row for row in await rollup_rows(store) if "principal_registered" in row and "daily" in row]
    assert len(rows) == 2  # the old day and the young one


async def test_a_crash_between_any_two_statements_loses_and_doubles_nothing(
    store: Store, clock: SimulatedClock
) -> None:
    await two_years(store, clock)
    await Projector(store, ZONE).catch_up()
    before = await rollup_rows(store)
    engines = {store.database.books.engine, store.database.writer.engine, store.database.reader.engine}
    crashes = 0
    for nth in range(1, 60):
        try:
            with crash_before(nth, *engines):
                await retain(store, keep_audit=YEAR, time_zone=ZONE)
        except Crash:
            crashes += 1
            assert await rebuilt(store) == before
        else:
            break
    assert crashes >= 10
    assert len(await left(store)) == 12
    assert await rebuilt(store) == before


async def test_a_log_longer_than_a_batch_is_deleted_whole(store: Store, clock: SimulatedClock) -> None:
    now: datetime = clock.now()
    await log(store, *((now, registered(f"prn_{number}")) for number in range(2_100)))
    clock.advance(YEAR)
    await Projector(store, ZONE).catch_up()
    assert await retain(store, keep_audit=DAY, time_zone=ZONE) == 2_100
    assert await left(store) == []
