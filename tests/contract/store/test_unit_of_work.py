"""Rows and the facts about them are one thing: both, or neither."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import event

from authsome.claim.register import Registered, register
from authsome.identity.did import encode
from authsome.kit.caller import Caller, server_caller
from authsome.kit.clock import MICROSECOND
from authsome.principal.events import PrincipalRegistered
from authsome.principal.invite import offer_set_up
from authsome.principal.model import LinkKind, Principal, PrincipalState, Role
from authsome.principal.register import admit
from authsome.store.rows.rows import ReadOnly
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork, UnnamedChange
from authsome.testing.clock import SimulatedClock
from tests.support.databases import store_at
from tests.support.log import all_events, position_all


def server(store: Store) -> Caller:
    return server_caller(store.installation_id)


def add_principal(work: UnitOfWork, *, name: str = "ann", told: bool = True) -> Principal:
    principal_id = work.new_id("prn")
    at = work.now
    if told:
        at = work.record(
            PrincipalRegistered(
                principal_id=principal_id, role=Role.MEMBER, via=LinkKind.INVITATION, invitation_id="inv_x"
            )
        )
    principal = Principal(
        id=principal_id,
        email=f"{name}@example.org",
        role=Role.MEMBER,
        state=PrincipalState.ACTIVE,
        created_at=at,
    )
    work.principals.add(principal)
    return principal


async def test_a_commit_stores_the_row_and_its_event(store: Store) -> None:
    made = await store.write(server(store), add_principal)
    assert await store.read(lambda view: view.principals.find(made.id)) == made
    (fact,) = [e for e in await all_events(store) if e.name == "principal_registered"]
    assert (fact.subject_kind, fact.subject_id) == ("principal", made.id)
    assert fact.occurred_at == made.created_at


async def test_an_exception_undoes_rows_and_events(store: Store) -> None:
    before = await all_events(store)

    def fail(work: UnitOfWork) -> None:
        add_principal(work)
        raise RuntimeError("stop here")

    with pytest.raises(RuntimeError, match="stop here"):
        await store.write(server(store), fail)
    assert await store.read(lambda view: view.principals.list()) == []
    assert await all_events(store) == before


async def test_a_change_that_no_event_names_is_refused(store: Store) -> None:
    with pytest.raises(UnnamedChange):
        await store.write(server(store), lambda work: add_principal(work, told=False))
    assert await store.read(lambda view: view.principals.list()) == []


async def test_an_update_that_no_event_names_is_refused(store: Store) -> None:
    made = await store.write(server(store), add_principal)
    with pytest.raises(UnnamedChange):
        await store.write(server(store), lambda work: work.principals.update(replace(made, role=Role.ADMIN)))
    found = await store.read(lambda view: view.principals.find(made.id))
    assert found
    assert found.role is Role.MEMBER


async def test_a_quiet_commit_is_allowed_with_a_reason(store: Store) -> None:
    def quietly(work: UnitOfWork) -> None:
        work.quiet("a test says so")
        add_principal(work, told=False)

    await store.write(server(store), quietly)
    assert len(await store.read(lambda view: view.principals.list())) == 1


async def test_a_view_cannot_write(store: Store) -> None:
    made = await store.write(server(store), add_principal)
    with pytest.raises(ReadOnly):
        await store.read(lambda view: view.principals.update(made))


async def test_events_of_one_unit_of_work_are_a_microsecond_apart(store: Store) -> None:
    def two(work: UnitOfWork) -> None:
        add_principal(work, name="ann")
        add_principal(work, name="ben")

    await store.write(server(store), two)
    first, second = [e for e in await all_events(store) if e.name == "principal_registered"]
    assert second.occurred_at - first.occurred_at == MICROSECOND


async def test_a_fact_that_made_a_row_has_the_same_uuid_for_ever(store: Store) -> None:
    made = await store.write(server(store), add_principal)
    (fact,) = [e for e in await all_events(store) if e.name == "principal_registered"]
    assert fact.uuid == store.appender.uuid_of("principal_registered", made.id)


class Crash(BaseException):
    """The process is gone; nothing that follows is executed."""


async def test_a_crash_between_any_two_statements_leaves_all_or_nothing(store: Store) -> None:
    """Crash before statement 1, 2, 3, … of a registration until one run gets through."""
    token = await store.write(server(store), offer_set_up)
    assert token is not None
    engine, state = store.database.writer.engine, {"left": 0}

    def count(*_: object) -> None:
        state["left"] -= 1
        if state["left"] == 0:
            raise Crash

    event.listen(engine, "before_cursor_execute", count)
    crashes = 0
    try:
        for nth in range(2, 60):
            state["left"] = nth
            try:
                await store.write(
                    server(store), lambda work: admit(work, link=token, email="a@b.c", hashed=None)
                )
                break
            except Crash:
                crashes += 1
                principals = await store.read(lambda view: view.principals.list())
                facts = [e for e in await all_events(store) if e.name == "principal_registered"]
                assert (len(principals), len(facts)) == (0, 0)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert crashes >= 5
    assert len(await store.read(lambda view: view.principals.list())) == 1
    await position_all(store)
    assert [e.name for e in await all_events(store)].count("principal_registered") == 1


async def test_of_six_first_registrations_one_makes_an_admin(store: Store) -> None:
    token = await store.write(server(store), offer_set_up)
    assert token is not None

    async def attempt(number: int) -> Principal:
        return await store.write(
            server(store), lambda work: admit(work, link=token, email=f"p{number}@example.org", hashed=None)
        )

    results = await asyncio.gather(*(attempt(n) for n in range(6)), return_exceptions=True)
    made = [r for r in results if isinstance(r, Principal)]
    assert len(made) == 1
    assert made[0].role is Role.ADMIN
    assert len(await store.read(lambda view: view.principals.list())) == 1


async def test_many_writers_at_once_are_all_served(
    store: Store, database_url: str, clock: SimulatedClock
) -> None:
    """Two servers on an empty PostgreSQL: predicate locks overlap, and writers turn each other back."""
    other = await store_at(database_url, clock)

    def one(number: int) -> Awaitable[Registered]:
        did = encode(number.to_bytes(2) * 16)
        through = store if number % 2 else other
        return through.write(server(store), partial(register, did=did, label=None, address_key="k"))

    try:
        made = await asyncio.gather(*(one(number) for number in range(1, 301)))
    finally:
        other.close()
    assert len({registered.identity.handle for registered in made}) == 300
