"""Usage is counted without waiting, dropped only with a count, and leaves once per closed hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from authsome.connection.create import create_connection
from authsome.connection.model import Connection, UseOutcome
from authsome.erasure.erase_identity import erase_identity
from authsome.grant.create import create_grant
from authsome.grant.remove import remove_grant
from authsome.kit.caller import Surface
from authsome.kit.clock import MICROSECOND
from authsome.kit.secret import Secret
from authsome.store.event_log import LoggedEvent
from authsome.store.tables.ledger import usage
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.telemetry.usage.count import UsageMeter
from authsome.telemetry.usage.report import report_closed_hours
from authsome.testing.clock import SimulatedClock
from authsome.vault.installation_key import InstallationKey
from authsome.vault.seal import Keeper
from tests.contract.nouns.people import Person, person, release, store_server
from tests.support.log import all_events

HOUR = timedelta(hours=1)
TEN = datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.fixture
async def ann(store: Store, clock: SimulatedClock) -> tuple[Person, Connection]:
    """A person with an agent and a connection, at ten o'clock."""
    clock.moment = TEN
    someone = await person(store)
    keeper = Keeper(InstallationKey(bytes(32)), store.entropy)
    made = await store.write(
        someone.caller,
        lambda work: create_connection(work, keeper, provider="openai", name="default", key=Secret("k" * 20)),
    )
    return someone, made


def count(meter: UsageMeter, whose: tuple[Person, Connection], times: int, connection: str = "") -> None:
    for _ in range(times):
        meter.count(
            identity_id=whose[0].agent.id,
            connection_id=connection or whose[1].id,
            surface=Surface.PROXY,
            outcome=UseOutcome.DELIVERED,
        )


async def used(store: Store) -> list[LoggedEvent]:
    return [e for e in await all_events(store) if e.name == "credentials_used"]


async def test_a_closed_hour_leaves_as_one_event_with_its_count(
    store: Store, clock: SimulatedClock, ann: tuple[Person, Connection]
) -> None:
    meter = UsageMeter(store, server_id="prc_1")
    count(meter, ann, 3)
    await meter.flush()
    count(meter, ann, 4)
    await meter.flush()
    assert await report_closed_hours(store, store_server(store)) == 0, "the hour is not over"
    clock.moment = TEN + HOUR
    await meter.flush()
    assert await report_closed_hours(store, store_server(store)) == 1
    (event,) = await used(store)
    assert event.fields["count"] == 7
    assert event.fields["surface"] == "proxy"
    assert event.occurred_at == TEN + HOUR - MICROSECOND
    assert event.subject_id == ann[0].agent.handle
    assert await report_closed_hours(store, store_server(store)) == 0


async def test_what_was_counted_of_somebody_erased_is_told_no_more(
    store: Store, clock: SimulatedClock, ann: tuple[Person, Connection]
) -> None:
    meter = UsageMeter(store, server_id="prc_1")
    count(meter, ann, 3)
    who = ann[0]
    await store.write(who.confirmed, lambda work: erase_identity(work, identity_id=who.agent.id))
    clock.moment = TEN + HOUR
    await meter.flush()
    assert await report_closed_hours(store, store_server(store)) == 1
    assert await used(store) == []


async def test_use_of_a_shared_connection_is_told_of_whoever_had_the_agent_then(
    store: Store, clock: SimulatedClock, ann: tuple[Person, Connection]
) -> None:
    """And not of its owner, nor of who claimed the agent since."""
    bob, cid = await person(store, "bob"), await person(store, "cid")

    def lend(work: UnitOfWork) -> None:
        work.quiet("a test's starting point")
        work.connections.set(ann[1].id, shared_at=work.now)

    await store.write(store_server(store), lend)
    given = await store.write(
        bob.confirmed, lambda work: create_grant(work, identity=bob.agent, connection_id=ann[1].id)
    )
    meter = UsageMeter(store, server_id="prc_1")
    count(meter, (bob, ann[1]), 2)
    clock.moment = TEN + HOUR
    await store.write(bob.confirmed, lambda work: remove_grant(work, grant_id=given.id))
    moved = await release(store, bob.agent, to=cid.id)
    await store.write(cid.confirmed, lambda work: create_grant(work, identity=moved, connection_id=ann[1].id))
    await meter.flush()
    await report_closed_hours(store, store_server(store))
    (event,) = await used(store)
    assert event.fields["principal_id"] == bob.id


async def test_an_hour_waits_for_every_living_server(
    store: Store, clock: SimulatedClock, ann: tuple[Person, Connection]
) -> None:
    quick, slow = UsageMeter(store, server_id="prc_1"), UsageMeter(store, server_id="prc_2")
    count(quick, ann, 1)
    count(slow, ann, 1)
    clock.moment = TEN + timedelta(minutes=58)
    await slow.flush()
    clock.moment = TEN + HOUR
    await quick.flush()
    assert await report_closed_hours(store, store_server(store)) == 0, "the other may still hand in"
    clock.advance(timedelta(minutes=6))
    await quick.flush()
    assert await report_closed_hours(store, store_server(store)) == 1, "the other is dead by now"
    assert [e.fields["count"] for e in await used(store)] == [2]


async def test_a_crash_between_the_event_and_its_mark_repeats_nothing(
    store: Store, clock: SimulatedClock, ann: tuple[Person, Connection]
) -> None:
    meter = UsageMeter(store, server_id="prc_1")
    count(meter, ann, 5)
    clock.moment = TEN + HOUR
    await meter.flush()
    assert await report_closed_hours(store, store_server(store)) == 1
    await store.keep(lambda b: b.connection.execute(update(usage).values(reported=False)))
    assert await report_closed_hours(store, store_server(store)) == 1
    assert len(await used(store)) == 1


async def test_a_full_map_drops_and_counts_the_drops(store: Store, ann: tuple[Person, Connection]) -> None:
    meter = UsageMeter(store, server_id="prc_1", most_keys=2)
    for number in range(5):
        count(meter, ann, 2, connection=f"con_{number}")
    assert meter.dropped == 6
    await meter.flush()
    assert await store.keep(lambda b: b.servers.dropped()) == 6
    count(meter, ann, 1)
    assert meter.dropped == 6, "there is room again"


async def test_counts_that_could_not_be_handed_in_are_kept(
    store: Store, clock: SimulatedClock, ann: tuple[Person, Connection]
) -> None:
    meter = UsageMeter(store, server_id="prc_1")
    count(meter, ann, 2)
    await store.keep(lambda b: b.connection.execute(text("ALTER TABLE usage RENAME TO gone")))
    with pytest.raises(DBAPIError):
        await meter.flush()
    await store.keep(lambda b: b.connection.execute(text("ALTER TABLE gone RENAME TO usage")))
    clock.moment = TEN + HOUR
    await meter.flush()
    await report_closed_hours(store, store_server(store))
    assert [e.fields["count"] for e in await used(store)] == [2]
