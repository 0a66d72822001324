"""What is asked for is done once, by one server, also after a kill; and mending needs an admin's word."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from authsome.analytics.events import RepairTask
from authsome.analytics.reconcile.compare import NoQuestions
from authsome.analytics.reconcile.confirm import ask_comparison, confirm_repair
from authsome.analytics.reconcile.job import ReconcileBusy, read_job
from authsome.analytics.reconcile.work import Reconciler
from authsome.kit.caller import ActorKind, AdminRequired, Caller, ConfirmationRequired
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.support.compared import ZONE, Compared
from tests.support.crash import Crash, crash_before

ADMIN = Caller(kind=ActorKind.PRINCIPAL, id="prn_ada", principal_id="prn_ada", is_admin=True, confirmed=True)
MEMBER = replace(ADMIN, is_admin=False)


@asynccontextmanager
async def nobody() -> AsyncIterator[NoQuestions]:
    yield NoQuestions("there is none")


def server(house: Compared, name: str = "first") -> Reconciler:
    return Reconciler(house.store, house.projector, time_zone=ZONE, holder=name, connect=nobody)


@pytest.fixture
async def house(store: Store, clock: SimulatedClock) -> Compared:
    made = Compared(store, clock, None)
    await made.begin()
    return made


async def test_a_comparison_is_done_once_and_its_answer_stays(house: Compared) -> None:
    asked = await ask_comparison(house.store, ADMIN, since=None)
    assert (await ask_comparison(house.store, ADMIN, since=None)).id == asked.id
    assert (await house.store.keep(read_job))["under_way"]["id"] == asked.id
    assert await server(house).step()
    assert not await server(house, "second").step()
    job = await house.store.keep(read_job)
    assert (job["under_way"], job["last"]["id"], job["last"]["failed"]) == (None, asked.id, None)
    assert job["report"]["differs"] is False


async def test_another_task_waits_for_the_one_under_way(house: Compared) -> None:
    await ask_comparison(house.store, ADMIN, since=None)
    with pytest.raises(ReconcileBusy):
        await confirm_repair(house.store, ADMIN, task=RepairTask.REPAIR, since=None)
    assert await house.facts("repair_confirmed") == []


async def test_a_repair_needs_an_admin_who_confirmed_and_is_a_fact(house: Compared) -> None:
    for caller, refusal in ((MEMBER, AdminRequired), (replace(ADMIN, confirmed=False), ConfirmationRequired)):
        with pytest.raises(refusal):
            await confirm_repair(house.store, caller, task=RepairTask.REPAIR, since=None)
    await house.add_session(await house.principal_id())
    asked = await confirm_repair(house.store, ADMIN, task=RepairTask.BACKFILL, since=None)
    assert await server(house).step()
    job = await house.store.keep(read_job)
    assert job["last"]["mended"] == {"written": 1, "rebuilt": False, "sent_again": 0}
    confirmed = (await house.facts("repair_confirmed"))[-1]
    assert (confirmed.actor_id, confirmed.fields) == (
        "prn_ada",
        {"repair_id": asked.id, "task": "backfill"},
    )


async def test_a_server_that_stops_leaves_it_to_the_next(house: Compared) -> None:
    asked = await ask_comparison(house.store, ADMIN, since=None)
    stopping = server(house)
    stopping.stop()
    assert not await stopping.step()
    assert (await house.store.keep(read_job))["under_way"]["id"] == asked.id
    assert await server(house, "second").step()


@pytest.mark.parametrize("nth", [3, 20, 60, 90, 120])
async def test_killed_anywhere_it_is_finished_later_and_each_fact_is_written_once(
    house: Compared, nth: int
) -> None:
    wanted = {await house.add_session(await house.principal_id()) for _ in range(3)}
    await confirm_repair(house.store, ADMIN, task=RepairTask.REPAIR, since=None)
    database = house.store.database
    engines = (database.writer.engine, database.reader.engine, database.books.engine)
    try:
        with crash_before(nth, *engines):
            await server(house).step()
    except Crash:
        pass
    await server(house).step()
    assert (await house.store.keep(read_job))["under_way"] is None
    await house.settle()
    written = [fact.fields["session_id"] for fact in await house.facts("principal_logged_in")]
    assert wanted <= set(written)
    assert len(written) == len(set(written))
    assert not (await house.compare()).differs
