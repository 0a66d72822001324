"""Numbers that are made anew are the numbers that were: whatever retention deleted, comes in or crashes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, event, func, insert, select, update

from authsome.analytics.projections.pace import LARGE
from authsome.analytics.projections.project import READER, Projector, is_beginning, retention_mark
from authsome.analytics.rebuild import NumbersNotKept, Rebuild, ask_rebuild, read_rebuild
from authsome.analytics.reconcile.rollup import ABOUT_TO_BE_MADE, compare_rollups
from authsome.analytics.retain import retain
from authsome.kit.caller import ActorKind, AdminRequired, Caller
from authsome.store.tables.rollup import active, daily, subject
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.support.crash import Crash, crash_before
from tests.support.databases import store_at
from tests.support.history import agent, claimed, connected, log, registered, rollup_rows

ADMIN = Caller(kind=ActorKind.PRINCIPAL, id="prn_ada", principal_id="prn_ada", is_admin=True)
YEAR, DAY = timedelta(days=365), timedelta(days=1)


@pytest.fixture
def projector(store: Store) -> Projector:
    return Projector(store, "UTC")


async def people(store: Store, clock: SimulatedClock, numbers: range) -> None:
    for number in numbers:
        at, principal_id, handle = clock.now(), f"prn_{number}", f"brisk-amber-otter-{number:04}"
        await log(
            store,
            (at, registered(principal_id)),
            (at, agent(handle)),
            (at, claimed(handle, principal_id)),
            (at, connected(f"con_{number}", principal_id, "github")),
        )


async def how_far(store: Store) -> Rebuild:
    found = await store.keep(read_rebuild)
    assert found is not None
    return found


async def no_tick(_count: int) -> None: ...


async def damage(store: Store) -> None:
    """What no fact explains: a count that is off, and somebody who was never there."""
    await store.keep(lambda books: books.connection.execute(update(daily).values(count=daily.c.count + 7)))
    ghost = delete(subject).where(subject.c.event == "identity_claimed")
    await store.keep(lambda books: books.connection.execute(ghost))


async def test_a_rebuild_gives_the_same_rows(
    store: Store, clock: SimulatedClock, projector: Projector
) -> None:
    await people(store, clock, range(5))
    await projector.catch_up()
    before = await rollup_rows(store)
    await ask_rebuild(store, ADMIN)
    await projector.catch_up()
    assert await rollup_rows(store) == before


async def test_it_takes_out_what_no_fact_explains(
    store: Store, clock: SimulatedClock, projector: Projector
) -> None:
    await people(store, clock, range(5))
    await projector.catch_up()
    before = await rollup_rows(store)
    await damage(store)
    assert await rollup_rows(store) != before
    await ask_rebuild(store, ADMIN)
    await projector.catch_up()
    assert await rollup_rows(store) == before


async def test_what_retention_deleted_is_in_the_numbers_still(
    store: Store, clock: SimulatedClock, projector: Projector
) -> None:
    await people(store, clock, range(3))
    clock.advance(2 * YEAR)
    await people(store, clock, range(3, 6))
    clock.advance(DAY)
    await projector.catch_up()
    before = await rollup_rows(store)
    assert await retain(store, keep_audit=YEAR, time_zone="UTC") == 12
    begun = await ask_rebuild(store, ADMIN)
    assert (begun.behind, begun.facts) == (12, 12)
    await projector.catch_up()
    assert await rollup_rows(store) == before


async def test_retention_that_comes_in_the_middle_changes_no_number(
    store: Store, clock: SimulatedClock, projector: Projector
) -> None:
    await log(store, *((clock.now(), registered(f"prn_{number}")) for number in range(2_500)))
    await projector.catch_up()
    before = await rollup_rows(store)
    clock.advance(2 * YEAR)
    await ask_rebuild(store, ADMIN)
    await asyncio.gather(projector.catch_up(), retain(store, keep_audit=YEAR, time_zone="UTC"))
    await retain(store, keep_audit=YEAR, time_zone="UTC")
    await projector.catch_up()
    assert await store.keep(retention_mark) == 2_500
    assert await rollup_rows(store) == before


async def test_facts_that_come_in_meanwhile_count_once(
    store: Store, clock: SimulatedClock, database_url: str, projector: Projector
) -> None:
    other = await store_at(database_url, clock)
    await log(store, *((clock.now(), registered(f"prn_{number}")) for number in range(2_500)))
    await projector.catch_up()
    begun = await ask_rebuild(store, ADMIN)
    both = (projector.catch_up(), Projector(other, "UTC").catch_up())
    await asyncio.gather(*both, people(store, clock, range(3_000, 3_020)))
    await projector.catch_up()
    other.close()
    after = await rollup_rows(store)
    assert (begun.facts, (await how_far(store)).is_under_way) == (2_500, False)
    await ask_rebuild(store, ADMIN)
    await projector.catch_up()
    assert await rollup_rows(store) == after
    query = select(daily.c["count"]).where(daily.c.event == "principal_registered")
    assert await store.keep(lambda books: books.connection.execute(query).scalars().all()) == [2_520]


async def test_a_crash_between_any_two_statements_leaves_old_numbers_or_a_rebuild_to_go_on_with(
    store: Store, clock: SimulatedClock, projector: Projector
) -> None:
    await people(store, clock, range(4))
    await projector.catch_up()
    before = await rollup_rows(store)
    crashes = 0
    for nth in range(1, 60):
        try:
            with crash_before(nth, store.database.books.engine, store.database.reader.engine):
                await ask_rebuild(store, ADMIN)
                await projector.catch_up()
        except Crash:
            crashes += 1
            await Projector(store, "UTC").catch_up()
            assert await rollup_rows(store) == before, nth
        else:
            break
    assert crashes >= 15
    assert await rollup_rows(store) == before


async def test_it_says_how_far_it_is(store: Store, clock: SimulatedClock, projector: Projector) -> None:
    assert await store.keep(read_rebuild) is None
    await people(store, clock, range(3))
    await projector.catch_up()
    begun = await ask_rebuild(store, ADMIN)
    assert (begun.facts, begun.folded, begun.is_under_way) == (12, 0, True)
    await store.keep(lambda books: books.cursors.move(READER, seen=0, to=5))
    assert (await how_far(store)).to_json() == begun.to_json() | {"folded": 5}
    await projector.catch_up()
    done = await how_far(store)
    assert (done.id, done.facts, done.folded, done.is_under_way) == (begun.id, 12, 12, False)


async def test_whoever_asks_meanwhile_joins_in(
    store: Store, clock: SimulatedClock, projector: Projector
) -> None:
    await people(store, clock, range(3))
    await projector.catch_up()
    asked = await asyncio.gather(*(ask_rebuild(store, ADMIN) for _ in range(4)))
    assert len({one.id for one in asked}) == 1
    await projector.catch_up()
    assert (await ask_rebuild(store, ADMIN)).id != asked[0].id


async def test_an_empty_log_is_done_with_the_next_look(store: Store, projector: Projector) -> None:
    await projector.catch_up()
    head = await store.read(lambda view: view.event_log.head())
    begun = await ask_rebuild(store, ADMIN)
    assert (begun.facts, begun.is_under_way) == (head, True)
    await projector.catch_up()
    assert not (await how_far(store)).is_under_way


async def test_to_ask_deletes_nothing_and_what_was_counted_goes_a_little_at_a_time(
    store: Store, clock: SimulatedClock, projector: Projector
) -> None:
    """All of it at once held the books, and with them every signed request, for thirteen seconds."""
    await people(store, clock, range(3))
    await projector.catch_up()
    before = await rollup_rows(store)
    ghosts = [
        {"activity": "agent", "period": "day", "start": clock.now().date(), "id": f"ghost-{number}"}
        for number in range(2 * LARGE)
    ]
    await store.keep(lambda books: books.connection.execute(insert(active), ghosts))
    await ask_rebuild(store, ADMIN)
    assert len(await rollup_rows(store)) == len(before) + len(ghosts)
    looks = 0

    def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal looks
        if statement.startswith("DELETE FROM rollup_active WHERE"):
            looks += 1

    engine = store.database.books.engine
    event.listen(engine, "before_cursor_execute", count)
    await projector.catch_up()
    event.remove(engine, "before_cursor_execute", count)
    assert looks >= 3 or engine.dialect.name == "postgresql"
    assert await rollup_rows(store) == before
    left = select(func.count()).select_from(active).where(active.c.id.startswith("ghost"))
    assert await store.keep(lambda books: books.connection.execute(left).scalar()) == 0


async def test_while_numbers_are_taken_out_nobody_compares_them_and_nobody_adds_to_them(
    store: Store, clock: SimulatedClock, projector: Projector
) -> None:
    await people(store, clock, range(3))
    await projector.catch_up()
    before = await rollup_rows(store)
    await ask_rebuild(store, ADMIN)
    section = await compare_rollups(store, since=None, tick=no_tick)
    assert section.skipped == ABOUT_TO_BE_MADE
    cursor = await store.keep(lambda books: books.cursors.open(READER))
    assert is_beginning(cursor)
    await asyncio.gather(projector.catch_up(), Projector(store, "UTC").catch_up())
    assert not is_beginning(await store.keep(lambda books: books.cursors.open(READER)))
    assert await rollup_rows(store) == before
    assert not (await compare_rollups(store, since=None, tick=no_tick)).differs


async def test_only_an_admin_asks_for_it(store: Store, projector: Projector) -> None:
    await projector.catch_up()
    with pytest.raises(AdminRequired):
        await ask_rebuild(store, replace(ADMIN, is_admin=False))
    assert await store.keep(read_rebuild) is None


async def test_where_no_numbers_are_kept_there_are_none_to_make_anew(store: Store) -> None:
    with pytest.raises(NumbersNotKept):
        await ask_rebuild(store, ADMIN)
    await Projector(store, "UTC").catch_up()
    await Projector(store, "UTC", enabled=False).catch_up()
    with pytest.raises(NumbersNotKept):
        await ask_rebuild(store, ADMIN)
