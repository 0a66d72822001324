"""Requests to the API and for pages are counted by who asked and through which door, and nothing more."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from authsome.kit.caller import Caller, RequestOutcome, Surface, server_caller
from authsome.kit.clock import MICROSECOND
from authsome.store.books.usage import RequestKey
from authsome.store.event_log import LoggedEvent
from authsome.store.tables.ledger import request
from authsome.store.transactions import Store
from authsome.telemetry.usage.count import AT_ONCE, UsageMeter
from authsome.telemetry.usage.report import BATCH, KEPT, forget_reported_hours, report_closed_hours
from authsome.testing.clock import SimulatedClock
from tests.contract.nouns.people import Person, person, release, store_server
from tests.support.databases import store_at
from tests.support.log import all_events

HOUR = timedelta(hours=1)
TEN = datetime(2026, 3, 1, 10, tzinfo=UTC)
# A row that the table refuses, in the second portion that is handed in, and the way back; by `is_sqlite`.
REFUSE_ONE = {
    True: (
        "CREATE TRIGGER no BEFORE INSERT ON request WHEN NEW.principal_id = 'prn_01000' "
        "BEGIN SELECT RAISE(ABORT, 'no'); END",
        "DROP TRIGGER no",
    ),
    False: (
        "ALTER TABLE request ADD CONSTRAINT no CHECK (principal_id <> 'prn_01000')",
        "ALTER TABLE request DROP CONSTRAINT no",
    ),
}
SUCCEEDED, REFUSED = RequestOutcome.SUCCEEDED, RequestOutcome.REFUSED


@pytest.fixture
async def ann(store: Store, clock: SimulatedClock) -> Person:
    """A person with an agent, at ten o'clock."""
    clock.moment = TEN
    return await person(store)


def ask(meter: UsageMeter, caller: Caller, times: int = 1, outcome: RequestOutcome = SUCCEEDED) -> None:
    for _ in range(times):
        meter.count_request(caller, outcome)


async def served(store: Store) -> list[LoggedEvent]:
    return [e for e in await all_events(store) if e.name == "requests_served"]


async def close_the_hour(store: Store, clock: SimulatedClock, *meters: UsageMeter) -> int:
    clock.moment = TEN + HOUR
    for meter in meters:
        await meter.flush()
    return await report_closed_hours(store, store_server(store))


async def test_each_door_and_outcome_of_an_agent_and_a_person_leaves_as_one_event(
    store: Store, clock: SimulatedClock, ann: Person
) -> None:
    meter = UsageMeter(store, server_id="prc_1")
    agent, terminal = ann.agent.as_caller(Surface.CLI), replace(ann.caller, surface=Surface.CLI)
    ask(meter, agent, 3)
    await meter.flush()
    ask(meter, agent, 4)
    ask(meter, replace(agent, surface=Surface.API), 2, REFUSED)
    ask(meter, terminal, 5)
    ask(meter, replace(ann.caller, surface=Surface.PAGE), 6)
    assert await close_the_hour(store, clock, meter) == 4
    events = await served(store)
    counts = {(e.subject_id, e.fields["surface"], e.fields["outcome"]): e.fields["count"] for e in events}
    assert counts == {
        (ann.agent.handle, "cli", "succeeded"): 7,
        (ann.agent.handle, "api", "refused"): 2,
        (ann.id, "cli", "succeeded"): 5,
        (ann.id, "page", "succeeded"): 6,
    }
    assert {e.occurred_at for e in events} == {TEN + HOUR - MICROSECOND}
    assert {e.fields["principal_id"] for e in events} == {ann.id}
    assert {(e.actor_kind, e.actor_id) for e in events} == {
        ("identity", ann.agent.handle),
        ("principal", ann.id),
    }
    assert await report_closed_hours(store, store_server(store)) == 0


async def test_what_an_agent_did_for_its_former_principal_stays_theirs(
    store: Store, clock: SimulatedClock, ann: Person
) -> None:
    meter = UsageMeter(store, server_id="prc_1")
    ask(meter, ann.agent_caller, 2)
    bob = await person(store, "bob")
    theirs = await release(store, ann.agent, to=bob.id)
    ask(meter, theirs.as_caller(), 1)
    nobodys = await release(store, ann.agent)
    ask(meter, nobodys.as_caller(), 1, REFUSED)
    await close_the_hour(store, clock, meter)
    owners = {e.fields.get("principal_id"): e.fields["count"] for e in await served(store)}
    assert owners == {ann.id: 2, bob.id: 1, None: 1}


async def test_the_installation_itself_is_not_counted(
    store: Store, clock: SimulatedClock, ann: Person
) -> None:
    meter = UsageMeter(store, server_id="prc_1")
    ask(meter, server_caller(store.installation_id))
    assert await close_the_hour(store, clock, meter) == 0


async def test_an_hour_waits_for_the_other_server_and_leaves_once_when_both_report_it(
    store: Store, database_url: str, clock: SimulatedClock, ann: Person
) -> None:
    other = await store_at(database_url, clock)
    try:
        one, two = UsageMeter(store, server_id="prc_1"), UsageMeter(other, server_id="prc_2")
        ask(one, ann.agent_caller, 2)
        clock.moment = TEN + timedelta(minutes=58)
        await two.flush()
        ask(two, ann.agent_caller, 3)
        assert await close_the_hour(store, clock, one) == 0, "the other may still hand in"
        await two.flush()
        reports = [report_closed_hours(each, store_server(store)) for each in (store, other)]
        assert 1 in await asyncio.gather(*reports)
        assert [e.fields["count"] for e in await served(store)] == [5]
    finally:
        other.close()


async def test_a_crash_between_the_event_and_its_mark_repeats_nothing(
    store: Store, clock: SimulatedClock, ann: Person
) -> None:
    meter = UsageMeter(store, server_id="prc_1")
    ask(meter, ann.agent_caller, 5)
    assert await close_the_hour(store, clock, meter) == 1
    await store.keep(lambda b: b.connection.execute(update(request).values(reported=False)))
    assert await report_closed_hours(store, store_server(store)) == 1
    assert len(await served(store)) == 1


async def test_what_comes_when_its_hour_has_left_is_a_counted_drop(
    store: Store, clock: SimulatedClock, ann: Person
) -> None:
    frozen, meter = UsageMeter(store, server_id="prc_1"), UsageMeter(store, server_id="prc_2")
    ask(frozen, ann.agent_caller, 3)
    ask(meter, ann.agent_caller, 1)
    assert await close_the_hour(store, clock, meter) == 1
    await frozen.flush()
    assert frozen.dropped == 3
    await frozen.flush()
    assert await store.keep(lambda b: b.servers.dropped()) == 3
    assert [e.fields["count"] for e in await served(store)] == [1]


async def test_a_flood_of_keys_is_bounded_and_leaves_the_other_lane_alone(store: Store, ann: Person) -> None:
    meter = UsageMeter(store, server_id="prc_1", most_keys=3)
    for number in range(5):
        ask(meter, replace(ann.caller, principal_id=f"prn_{number}"), 2)
    assert meter.dropped == 4
    await meter.flush()
    await meter.flush()
    assert await store.keep(lambda b: b.servers.dropped()) == 4


async def test_a_flush_that_fails_half_way_keeps_the_rest_and_nothing_twice(
    store: Store, clock: SimulatedClock, ann: Person
) -> None:
    meter = UsageMeter(store, server_id="prc_1")
    for number in range(AT_ONCE + 1):
        ask(meter, replace(ann.caller, principal_id=f"prn_{number:05}"))
    ask(meter, ann.caller, 7)
    refuse, allow = REFUSE_ONE[store.database.is_sqlite]
    await store.keep(lambda b: b.connection.execute(text(refuse)))
    with pytest.raises(DBAPIError):
        await meter.flush()
    await store.keep(lambda b: b.connection.execute(text(allow)))
    await meter.flush()
    counted = await store.keep(lambda b: b.connection.execute(select(request.c["count"])).scalars().all())
    assert sorted(counted) == [*([1] * (AT_ONCE + 1)), 7]
    assert meter.dropped == 0


async def test_a_cancelled_flush_is_finished_by_the_next(
    store: Store, clock: SimulatedClock, ann: Person
) -> None:
    meter = UsageMeter(store, server_id="prc_1")
    ask(meter, ann.caller, 3)
    flush = asyncio.create_task(meter.flush())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    flush.cancel()
    with pytest.raises(asyncio.CancelledError):
        await flush
    await meter.flush()
    assert await close_the_hour(store, clock, meter) == 1
    assert [e.fields["count"] for e in await served(store)] == [3]


async def test_all_keys_of_a_busy_hour_leave_and_are_forgotten_a_day_later(
    store: Store, clock: SimulatedClock, ann: Person
) -> None:
    known = [RequestKey(TEN, ann.agent.id, owner, "api", "succeeded") for owner in (ann.id, "")]
    await store.keep(lambda b: b.requests.add(dict.fromkeys(known, 1)))
    gone = [RequestKey(TEN, "idn_gone", f"prn_{n:04}", "cli", "refused") for n in range(BATCH)]
    await store.keep(lambda b: b.requests.add(dict.fromkeys(gone, 1)))
    clock.moment = TEN + HOUR
    server = store_server(store)
    assert [await report_closed_hours(store, server) for _ in range(3)] == [BATCH, 2, 0]
    assert len(await served(store)) == 2, "nobody is there to be counted for the others"
    assert await forget_reported_hours(store) == 0
    clock.advance(KEPT + HOUR)
    assert await forget_reported_hours(store) == BATCH + 2
    assert await forget_reported_hours(store) == 0
