"""Runs: a claimed identity's, with a token of their own, ended once, and not outliving the claim."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from authsome.identity.errors import IdentityRequired, IdentityUnclaimed
from authsome.identity.model import IdentityState
from authsome.kit.caller import Caller
from authsome.kit.secret import Secret
from authsome.run.complete import complete_run
from authsome.run.errors import (
    ProgramInvalid,
    RunEnded,
    RunMissing,
    RunTokenInvalid,
    TooManyRuns,
)
from authsome.run.find import get_renewable, run_of_token
from authsome.run.lost import sweep
from authsome.run.model import LEASE_LIFE, MOST_LIVE, Run, RunOutcome, lease_name
from authsome.run.start import start_run
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.testing.clock import SimulatedClock
from tests.contract.nouns.people import Person, person, release, store_server
from tests.support.log import all_events


class BookedLeases:
    """The leases in the store's books."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def lapsed(self, names: Sequence[str]) -> set[str]:
        return await self._store.keep(
            lambda books: {name for name in names if not books.leases.is_live(name)}
        )


async def begin(store: Store, caller: Caller, program: str = "python") -> tuple[Run, Secret]:
    return await store.write(caller, lambda work: start_run(work, program=program))


async def hold(store: Store, run: Run) -> None:
    await store.keep(lambda books: books.leases.take(lease_name(run.id), run.id, lasts=LEASE_LIFE))


async def end(store: Store, who: Person, run: Run, exit_code: int = 0) -> Run:
    return await store.write(
        who.agent_caller, lambda work: complete_run(work, run_id=run.id, exit_code=exit_code)
    )


async def found(store: Store, run: Run) -> Run:
    stored = await store.read(lambda view: view.runs.find(run.id))
    assert stored is not None
    return stored


async def test_a_token_opens_its_own_run(store: Store) -> None:
    ann = await person(store)
    run, token = await begin(store, ann.agent_caller)
    _, other = await begin(store, ann.agent_caller)
    assert await store.read(lambda view: run_of_token(view, token=token)) == (run, ann.agent)
    assert run.token_hash == token.digest() != other.digest()
    for wrong in (Secret(""), Secret(token.reveal() + "x"), Secret("x" * 100_000)):
        with pytest.raises(RunTokenInvalid):
            await store.read(lambda view, t=wrong: run_of_token(view, token=t))  # type: ignore[misc]


async def test_the_facts_name_the_agent_and_keep_the_program_here(
    store: Store, clock: SimulatedClock
) -> None:
    ann = await person(store)
    run, _ = await begin(store, ann.agent_caller, "/home/ann/secret-project/agent.py")
    clock.advance(timedelta(seconds=90))
    ended = await end(store, ann, run, exit_code=3)
    started, completed = await all_events(store)
    who = {"identity_handle": ann.agent.handle, "did": ann.agent.did, "principal_id": ann.id}
    assert (started.name, started.subject_id) == ("run_started", ann.agent.handle)
    assert started.fields == {"run_id": run.id, **who}
    local = await store.read(lambda view: view.event_log.local([started.id]))
    assert local == {started.id: {"program": "agent.py"}}
    assert completed.fields == {"run_id": run.id, **who, "outcome": "failed", "seconds": 90}
    assert (run.created_at, ended.ended_at) == (started.occurred_at, completed.occurred_at)


async def test_a_run_ends_once_and_saying_so_again_changes_nothing(store: Store) -> None:
    ann = await person(store)
    run, token = await begin(store, ann.agent_caller)
    ended = await end(store, ann, run, exit_code=-15)
    assert ended.outcome is RunOutcome.SIGNALLED
    assert await end(store, ann, run, exit_code=0) == ended == await found(store, run)
    assert [event.name for event in await all_events(store)] == ["run_started", "run_completed"]
    with pytest.raises(RunTokenInvalid):
        await store.read(lambda view: run_of_token(view, token=token))
    with pytest.raises(RunEnded):
        await store.read(lambda view: get_renewable(view, caller=ann.agent_caller, run_id=run.id))


async def test_only_a_claimed_identity_starts_one(store: Store) -> None:
    ann = await person(store)
    pending = await person(store, "new", state=IdentityState.PENDING)
    for caller in (ann.confirmed, store_server(store)):
        with pytest.raises(IdentityRequired):
            await begin(store, caller)
    with pytest.raises(IdentityUnclaimed):
        await begin(store, pending.agent_caller)
    with pytest.raises(ProgramInvalid):
        await begin(store, ann.agent_caller, "a\nb")
    await release(store, ann.agent)
    with pytest.raises(IdentityUnclaimed):
        await begin(store, ann.agent_caller)


async def test_another_identity_neither_ends_nor_renews_it(store: Store) -> None:
    ann, bob = await person(store), await person(store, "bob")
    run, _ = await begin(store, ann.agent_caller)
    with pytest.raises(RunMissing):
        await end(store, bob, run)
    with pytest.raises(RunMissing):
        await store.read(lambda view: get_renewable(view, caller=bob.agent_caller, run_id=run.id))
    with pytest.raises(IdentityRequired):
        await store.read(lambda view: get_renewable(view, caller=ann.caller, run_id=run.id))
    assert await store.read(lambda view: get_renewable(view, caller=ann.agent_caller, run_id=run.id)) == run


async def test_a_run_dies_with_the_claim_it_began_under(store: Store) -> None:
    ann, bob = await person(store), await person(store, "bob")
    run, token = await begin(store, ann.agent_caller)
    await release(store, ann.agent, to=bob.id)
    with pytest.raises(RunTokenInvalid):
        await store.read(lambda view: run_of_token(view, token=token))
    with pytest.raises(RunEnded):
        await store.read(lambda view: get_renewable(view, caller=ann.agent_caller, run_id=run.id))


async def test_a_minute_without_renewal_ends_it_as_lost(store: Store, clock: SimulatedClock) -> None:
    ann, leases = await person(store), BookedLeases(store)
    silent, _ = await begin(store, ann.agent_caller)
    never, _ = await begin(store, ann.agent_caller)
    renewed, _ = await begin(store, ann.agent_caller)
    await hold(store, silent)
    clock.advance(LEASE_LIFE - timedelta(seconds=1))
    assert await sweep(store, leases, server=store_server(store)) == 0
    clock.advance(timedelta(seconds=2))
    await hold(store, renewed)
    late, _ = await begin(store, ann.agent_caller)
    assert await sweep(store, leases, server=store_server(store)) == 2
    assert await sweep(store, leases, server=store_server(store)) == 0
    outcomes = [(await found(store, run)).outcome for run in (silent, never, renewed, late)]
    assert outcomes == [RunOutcome.LOST, RunOutcome.LOST, None, None]
    fact = (await all_events(store))[-1]
    assert (fact.name, fact.subject_id, fact.actor_kind) == ("run_completed", ann.agent.handle, "server")


async def test_the_sweep_goes_through_all_of_them(store: Store, clock: SimulatedClock) -> None:
    people = [await person(store, name) for name in ("ann", "bob", "cid")]

    def fill(work: UnitOfWork) -> list[Run]:
        return [start_run(work, program="python")[0] for _ in range(80)]

    kept = (await store.write(people[0].agent_caller, fill))[40]
    for one in people[1:]:
        await store.write(one.agent_caller, fill)
    clock.advance(2 * LEASE_LIFE)
    await hold(store, kept)
    assert await sweep(store, BookedLeases(store), server=store_server(store)) == 239
    assert (await found(store, kept)).is_live


async def test_an_identity_has_a_bounded_number_of_live_ones(store: Store) -> None:
    ann, bob = await person(store), await person(store, "bob")

    def fill(work: UnitOfWork) -> Run:
        first, *_ = [start_run(work, program="python")[0] for _ in range(MOST_LIVE)]
        return first

    first = await store.write(ann.agent_caller, fill)
    with pytest.raises(TooManyRuns):
        await begin(store, ann.agent_caller)
    await begin(store, bob.agent_caller)
    await end(store, ann, first)
    await begin(store, ann.agent_caller)
