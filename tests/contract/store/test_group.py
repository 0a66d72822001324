"""Bodies that wait for the one writer together share a commit, and stay apart in everything else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest

from authsome.claim.register import Registered, register
from authsome.identity.did import encode
from authsome.identity.errors import DidTaken, IdentityEnded
from authsome.identity.model import IdentityState
from authsome.kit.caller import server_caller
from authsome.kit.errors import AuthsomeError
from authsome.store.books.books import Books
from authsome.store.database import sqlite_url
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.testing.clock import SimulatedClock
from tests.support.crash import Crash, crash_before
from tests.support.databases import fresh_sqlite, store_at
from tests.support.log import all_events

HOLDERS = 10


@pytest.fixture
async def store(tmp_path: Path, clock: SimulatedClock) -> AsyncIterator[Store]:
    """On SQLite: PostgreSQL has many writers, and needs no groups."""
    opened = await store_at(fresh_sqlite(tmp_path), clock)
    yield opened
    opened.close()


class Commits:
    """Counts them."""

    def __init__(self, store: Store) -> None:
        self.count = 0
        store.on_commit.append(self._one)

    def _one(self) -> None:
        self.count += 1


def one(number: int) -> Callable[[UnitOfWork], Registered]:
    return partial(register, did=did(number), label=f"agent {number}", address_key="k")


def did(number: int) -> str:
    return encode(number.to_bytes(2) * 16)


async def together(store: Store, *bodies: Callable[[UnitOfWork], object]) -> list[object]:
    """What came of them, all asked for in one go; the first keeps the writer busy while the others gather."""
    caller = server_caller(store.installation_id)
    return await asyncio.gather(*(store.write(caller, body) for body in bodies), return_exceptions=True)


async def registered(store: Store) -> list[str]:
    return [fact.fields["did"] for fact in await all_events(store) if fact.name == "identity_registered"]


async def test_what_waits_together_is_committed_together_and_in_order(store: Store) -> None:
    commits = Commits(store)
    made = await together(store, *(one(number) for number in range(1, HOLDERS + 1)))
    assert [r.identity.did for r in made if isinstance(r, Registered)] == [
        did(number) for number in range(1, HOLDERS + 1)
    ]
    assert await registered(store) == [did(number) for number in range(1, HOLDERS + 1)]
    assert commits.count == 2


async def test_a_refusal_undoes_nobody_and_costs_no_commit_of_its_own(store: Store) -> None:
    (first,) = await together(store, one(1))
    assert isinstance(first, Registered)

    def claimed(work: UnitOfWork) -> None:
        work.quiet("a test needs a claimed identity")
        work.identities.set(first.identity.id, state=IdentityState.CLAIMED.value)

    await together(store, claimed)
    commits = Commits(store)
    taken = await together(store, one(2), one(3), one(1), one(4))
    assert isinstance(taken[2], DidTaken)
    assert await registered(store) == [did(number) for number in (1, 2, 3, 4)]
    assert commits.count == 2


@pytest.mark.parametrize("error", [IdentityEnded(), RuntimeError("a mistake")])
async def test_who_fails_after_writing_undoes_only_its_own(store: Store, error: Exception) -> None:
    def fails(work: UnitOfWork) -> None:
        one(3)(work)
        raise error

    made = await together(store, one(1), one(2), fails, one(4))
    assert made[2] is error
    assert sorted(await registered(store)) == sorted(did(number) for number in (1, 2, 4))
    assert await store.read(lambda view: view.identities.find_by_did(did(3))) is None


async def test_a_change_that_no_event_names_is_refused_in_a_group_too(store: Store) -> None:
    (first,) = await together(store, one(1))
    assert isinstance(first, Registered)
    renamed = partial(_rename, identity_id=first.identity.id)
    made = await together(store, one(2), one(3), renamed, one(4))
    assert isinstance(made[2], AuthsomeError)
    assert made[2].code == "unnamed_change"
    found = await store.read(lambda view: view.identities.find_by_did(did(1)))
    assert found is not None
    assert found.label == "agent 1"


def _rename(work: UnitOfWork, *, identity_id: str) -> None:
    work.identities.set(identity_id, label="another")


async def test_a_body_reads_in_the_log_what_those_before_it_recorded(store: Store) -> None:
    heads = await together(
        store, one(1), one(2), lambda work: work.event_log.head(), one(3), lambda work: work.event_log.head()
    )
    assert [heads[2], heads[4]] == [2, 3]


async def test_who_gave_up_waiting_is_left_out(store: Store) -> None:
    caller = server_caller(store.installation_id)
    first = asyncio.ensure_future(store.write(caller, one(1)))
    second = asyncio.ensure_future(store.write(caller, one(2)))
    third = asyncio.ensure_future(store.write(caller, one(3)))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(first, third)
    assert await registered(store) == [did(1), did(3)]


async def test_a_crash_before_any_statement_of_a_group_leaves_whole_units_or_none(store: Store) -> None:
    """The group fails, each unit is tried alone, and those get through that do not meet the crash."""
    number = 0
    for nth in range(1, 40):
        numbers = range(number + 1, number + 5)
        number += 4
        with crash_before(nth, store.database.writer.engine):
            made = await together(store, *(one(each) for each in numbers))
        known = await registered(store)
        for each, outcome in zip(numbers, made, strict=True):
            there = await store.read(lambda view, each=each: view.identities.find_by_did(did(each)))  # type: ignore[misc]
            assert (there is not None) == (did(each) in known) == (not isinstance(outcome, Crash))


async def test_the_chain_goes_on_where_another_process_left_it(
    store: Store, tmp_path: Path, clock: SimulatedClock
) -> None:
    other = await store_at(sqlite_url(tmp_path), clock)
    try:
        for number in range(1, 9, 2):
            await together(store, one(number))
            await together(other, one(number + 1))
    finally:
        other.close()
    facts = await all_events(store)
    assert [fact.position for fact in facts] == list(range(1, len(facts) + 1))


async def test_books_that_wait_together_are_kept_together(store: Store) -> None:
    def use(books: Books) -> bool:
        return books.nonces.use("one and the same", now=books.now, expires_at=books.now)

    taken = await asyncio.gather(*(store.keep(use) for _ in range(HOLDERS)))
    assert sorted(taken) == [False] * (HOLDERS - 1) + [True]
