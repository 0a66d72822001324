"""Whoever is erased is in no number any more, in rollups and baseline alike, and a rebuild says the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from authsome.analytics.projections.project import READER, Projector
from authsome.analytics.retain import retain
from authsome.erasure.events import IdentityErased, PrincipalErased
from authsome.erasure.model import ErasedBy
from authsome.store.tables.rollup import BASELINES, ROLLUPS
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.support.crash import Crash, crash_before
from tests.support.history import agent, claimed, connected, log, registered, rollup_rows

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HANDLE = "brisk-amber-otter-0001"
GONE = PrincipalErased(
    erasure_id="ers_1", principal_id="prn_1", by=ErasedBy.OWNER, identities=1, connections=1
)
AGENT_GONE = IdentityErased(
    erasure_id="ers_2", identity_id=f"idn_{HANDLE}", identity_handle=HANDLE, by=ErasedBy.OWNER
)


async def history(store: Store, *people: str) -> None:
    for number, principal_id in enumerate(people, start=1):
        handle = f"brisk-amber-otter-{number:04}"
        await log(
            store,
            (NOON, registered(principal_id)),
            (NOON, agent(handle)),
            (NOON, claimed(handle, principal_id)),
            (NOON, connected(f"con_{number}", principal_id, "github")),
        )


async def counts(store: Store, tables: tuple[object, ...] = ROLLUPS) -> dict[str, int]:
    """Facts by event in the daily counts."""
    daily = tables[0]
    query = select(daily.c.event, daily.c.count)  # type: ignore[attr-defined]
    rows = await store.keep(lambda books: books.connection.execute(query).all())
    found: dict[str, int] = {}
    for event, count in rows:
        found[event] = found.get(event, 0) + count
    return found


async def rebuilt(store: Store) -> list[object]:
    await store.keep(lambda books: books.cursors.set(READER, state={}))
    await Projector(store, "UTC").catch_up()
    return list(await rollup_rows(store))


async def test_an_erased_principal_takes_what_names_them_out_of_every_count(store: Store) -> None:
    await history(store, "prn_1", "prn_2")
    await Projector(store, "UTC").catch_up()
    await log(store, (NOON, GONE))
    await Projector(store, "UTC").catch_up()
    # Their agent stays: of itself, it was registered. That they claimed it names them.
    assert await counts(store) == {
        "principal_registered": 1,
        "identity_registered": 2,
        "identity_claimed": 1,
        "connection_created": 1,
        "principal_erased": 1,
    }
    assert "prn_1" not in str(await rollup_rows(store))


async def test_an_erased_agent_leaves_its_principal_standing(store: Store) -> None:
    await history(store, "prn_1")
    await log(store, (NOON, AGENT_GONE))
    await Projector(store, "UTC").catch_up()
    kept = {"principal_registered": 1, "connection_created": 1, "identity_erased": 1}
    assert await counts(store) == kept
    assert HANDLE not in str(await rollup_rows(store))


async def test_a_rebuild_and_a_late_fact_change_nothing(store: Store) -> None:
    await history(store, "prn_1", "prn_2")
    await Projector(store, "UTC").catch_up()
    await log(store, (NOON, GONE), (NOON, AGENT_GONE))
    await Projector(store, "UTC").catch_up()
    found = await rollup_rows(store)
    assert await rebuilt(store) == found
    await log(store, (NOON, connected("con_9", "prn_1", "openai")))
    await Projector(store, "UTC").catch_up()
    assert await rollup_rows(store) == found


async def test_what_retention_has_sealed_is_corrected_too(store: Store, clock: SimulatedClock) -> None:
    await history(store, "prn_1", "prn_2")
    await Projector(store, "UTC").catch_up()
    clock.moment = NOON + timedelta(days=500)
    assert await retain(store, keep_audit=timedelta(days=400), time_zone="UTC") == 8
    assert (await counts(store, BASELINES))["principal_registered"] == 2
    await log(store, (clock.now(), GONE))
    await Projector(store, "UTC").catch_up()
    assert (await counts(store, BASELINES))["principal_registered"] == 1
    found = await rollup_rows(store)
    assert await rebuilt(store) == found


async def test_an_erasure_that_only_retention_has_read_holds_as_well(
    store: Store, clock: SimulatedClock
) -> None:
    await history(store, "prn_1", "prn_2")
    await log(store, (NOON, GONE))
    clock.moment = NOON + timedelta(days=500)
    assert await retain(store, keep_audit=timedelta(days=400), time_zone="UTC") == 9
    await Projector(store, "UTC").catch_up()
    assert (await counts(store))["principal_registered"] == 1
    assert "prn_1" not in str(await rollup_rows(store))


async def test_a_crash_between_any_two_statements_forgets_once(store: Store) -> None:
    await history(store, "prn_1", "prn_2")
    await Projector(store, "UTC").catch_up()
    await log(store, (NOON, GONE))
    crashes = 0
    for nth in range(1, 60):
        try:
            with crash_before(nth, store.database.books.engine):
                await Projector(store, "UTC").catch_up()
        except Crash:
            crashes += 1
        else:
            break
    assert crashes >= 8
    found = await rollup_rows(store)
    assert (await counts(store))["principal_registered"] == 1
    assert await rebuilt(store) == found
