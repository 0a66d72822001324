"""The rollups hold each fact of the log once, whatever happens to those who keep them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from authsome.analytics.projections.project import READER, Projector
from authsome.store.tables.rollup import daily, milestone, subject
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.support.crash import Crash, crash_before
from tests.support.databases import store_at
from tests.support.history import agent, claimed, connected, failed, log, registered, rollup_rows

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def some_history(store: Store, people: int = 3) -> None:
    for number in range(people):
        principal_id, handle = f"prn_{number}", f"brisk-amber-otter-{number:04}"
        await log(
            store,
            (NOON + number * HOUR, registered(principal_id)),
            (NOON + number * HOUR, agent(handle)),
            (NOON + number * HOUR, claimed(handle, principal_id)),
            (NOON + number * HOUR, connected(f"con_{number}", principal_id, "github")),
        )


async def counts(store: Store, event: str) -> dict[str, int]:
    query = select(daily.c.day, daily.c.count).where(daily.c.event == event)
    rows = await store.keep(lambda books: books.connection.execute(query).all())
    return {day.isoformat(): count for day, count in rows}


async def test_facts_are_counted_once_however_often_the_projector_runs(store: Store) -> None:
    await some_history(store)
    assert await Projector(store, "UTC").catch_up() == 12
    first = await rollup_rows(store)
    assert await Projector(store, "UTC").catch_up() == 0
    assert await rollup_rows(store) == first
    assert await counts(store, "principal_registered") == {"2026-03-01": 3}


async def test_two_projectors_at_once_count_each_fact_once(
    store: Store, database_url: str, clock: SimulatedClock
) -> None:
    other = await store_at(database_url, clock)
    facts = [(NOON, registered(f"prn_{number}")) for number in range(2_500)]
    await log(store, *facts)
    projectors = [Projector(one, "UTC") for one in (store, other, store, other)]
    folded = await asyncio.gather(*(projector.catch_up() for projector in projectors))
    other.close()
    assert sum(folded) == 2_500
    assert await counts(store, "principal_registered") == {"2026-03-01": 2_500}


async def test_a_crash_between_any_two_statements_loses_and_doubles_nothing(store: Store) -> None:
    await some_history(store)
    crashes = 0
    for nth in range(1, 40):
        try:
            with crash_before(nth, store.database.books.engine):
                await Projector(store, "UTC").catch_up()
        except Crash:
            crashes += 1
        else:
            break
    assert crashes >= 5
    found = await rollup_rows(store)
    await store.keep(lambda books: books.cursors.set(READER, state={}))
    await Projector(store, "UTC").catch_up()
    assert found == await rollup_rows(store)
    assert await counts(store, "principal_registered") == {"2026-03-01": 3}


async def test_a_day_is_one_of_the_installations_time_zone(store: Store) -> None:
    await log(store, (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), registered("prn_1")))
    await Projector(store, "Europe/Berlin").catch_up()
    assert await counts(store, "principal_registered") == {"2026-03-02": 1}


async def test_another_time_zone_makes_the_rollups_anew(store: Store) -> None:
    await log(store, (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), registered("prn_1")))
    await Projector(store, "UTC").catch_up()
    assert await counts(store, "principal_registered") == {"2026-03-01": 1}
    await Projector(store, "Europe/Berlin").catch_up()
    assert await counts(store, "principal_registered") == {"2026-03-02": 1}


async def test_the_server_that_started_last_decides_and_the_other_yields(store: Store) -> None:
    await some_history(store, people=1)
    first, second = Projector(store, "UTC"), Projector(store, "Europe/Berlin")
    assert await first.catch_up() > 0
    assert await second.catch_up() > 0
    assert await first.catch_up() == 0
    await log(store, (NOON, registered("prn_9")))
    assert await first.catch_up() == 0
    assert await second.catch_up() == 1


async def test_a_server_of_an_older_version_leaves_newer_rollups_alone(store: Store) -> None:
    await some_history(store, people=1)
    newer = {"version": 1_000, "time_zone": "UTC"}
    await store.keep(lambda books: books.cursors.open(READER))
    await store.keep(lambda books: books.cursors.set(READER, state=newer))
    assert await Projector(store, "UTC").catch_up() == 0
    assert await rollup_rows(store) == []


async def test_a_custom_provider_is_counted_by_its_own_name(store: Store) -> None:
    await log(
        store,
        (NOON, connected("con_1", "prn_1", "github")),
        (NOON, connected("con_2", "prn_1", "custom", "warehouse")),
        (NOON, connected("con_3", "prn_1", "custom", "warehouse")),
    )
    await Projector(store, "UTC").catch_up()
    query = select(daily.c.provider, daily.c.count).where(daily.c.event == "connection_created")
    rows = await store.keep(lambda books: books.connection.execute(query).all())
    assert sorted((provider, count) for provider, count in rows) == [("github", 1), ("warehouse", 2)]


async def test_flow_and_reason_are_kept_apart(store: Store) -> None:
    await log(store, (NOON, failed("aus_1", "prn_1", "github")))
    await Projector(store, "UTC").catch_up()
    query = select(daily.c.flow, daily.c.reason).where(daily.c.event == "auth_session_failed")
    rows = await store.keep(lambda books: books.connection.execute(query).all())
    assert [tuple(row) for row in rows] == [("api_key", "key_invalid")]


async def test_who_was_there_twice_on_a_day_is_one_subject(store: Store) -> None:
    await log(
        store,
        (NOON, claimed("brisk-amber-otter-0001", "prn_1", claim_id="clm_a")),
        (NOON + HOUR, claimed("brisk-amber-otter-0001", "prn_1", claim_id="clm_b")),
    )
    await Projector(store, "UTC").catch_up()
    query = select(subject.c.principal_id, subject.c.identity_handle, subject.c.count)
    rows = await store.keep(lambda books: books.connection.execute(query).all())
    assert [tuple(row) for row in rows] == [("prn_1", "brisk-amber-otter-0001", 2)]


async def test_a_milestone_is_the_earliest_time_and_not_the_first_seen(store: Store) -> None:
    for claim_id, at in (("clm_a", NOON), ("clm_b", NOON - HOUR), ("clm_c", NOON + HOUR)):
        await log(store, (at, claimed("brisk-amber-otter-0001", "prn_1", claim_id=claim_id)))
        await Projector(store, "UTC").catch_up()
    query = select(milestone.c.first_at).where(milestone.c.identity_handle == "brisk-amber-otter-0001")
    rows = await store.keep(lambda books: books.connection.execute(query).all())
    assert [tuple(row) for row in rows] == [(NOON - HOUR,)]


async def test_switched_off_it_keeps_no_rollups_and_pins_nothing(store: Store) -> None:
    await Projector(store, "UTC").catch_up()
    await some_history(store)
    off = Projector(store, "UTC", enabled=False)
    assert await off.catch_up() == 0
    cursor = await store.keep(lambda books: books.cursors.find(READER))
    assert cursor is not None
    assert not cursor.enabled
    await Projector(store, "UTC").catch_up()
    assert await counts(store, "principal_registered") == {"2026-03-01": 3}
    cursor = await store.keep(lambda books: books.cursors.find(READER))
    assert cursor is not None
    assert cursor.enabled
