"""Grants for a time: given, changed, run out by themselves, and given again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from authsome.connection.revoke import revoke
from authsome.grant.change import change_grant
from authsome.grant.create import create_grant
from authsome.grant.decide import Allowed
from authsome.grant.errors import GrantMissing
from authsome.grant.model import Grant, Reason
from authsome.grant.remove import remove_grant
from authsome.grant.visible import reachable_hosts, visible_connections
from authsome.kit.caller import Caller, ConfirmationRequired, PrincipalRequired
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.contract.nouns.people import KEEPER, Person, person, release
from tests.contract.nouns.test_grants import answer, connect
from tests.support.log import all_events

DAY = timedelta(days=1)
MOMENT = timedelta(seconds=1)  # the clock of the tests moves at every look


async def give(store: Store, who: Person, connection_id: str, lasting: timedelta | None) -> Grant:
    return await store.write(
        who.confirmed,
        lambda work: create_grant(work, identity=who.agent, connection_id=connection_id, lasting=lasting),
    )


async def change(store: Store, caller: Caller, grant_id: str, lasting: timedelta | None) -> Grant:
    return await store.write(caller, lambda work: change_grant(work, grant_id=grant_id, lasting=lasting))


async def test_a_grant_for_a_day_holds_for_a_day_and_nobody_has_to_clean_up(
    store: Store, clock: SimulatedClock
) -> None:
    ann = await person(store)
    connection = await connect(store, ann)
    grant = await give(store, ann, connection.id, DAY)
    assert grant.expires_at == grant.created_at + DAY
    allowed = await answer(store, ann.agent)
    assert isinstance(allowed, Allowed)
    assert allowed.until == grant.expires_at
    assert (await all_events(store))[-1].fields["lasts_seconds"] == 86_400
    before = len(await all_events(store))
    clock.advance(DAY - MOMENT)
    assert isinstance(await answer(store, ann.agent), Allowed)
    clock.advance(MOMENT)
    assert await answer(store, ann.agent) is Reason.GRANT_EXPIRED
    assert len(await all_events(store)) == before


async def test_what_has_run_out_is_neither_counted_nor_seen_by_the_agent(
    store: Store, clock: SimulatedClock
) -> None:
    ann = await person(store)
    connection = await connect(store, ann)
    await give(store, ann, connection.id, DAY)

    async def counted() -> tuple[int, int, int, int]:
        return await store.read(
            lambda view: (
                len(view.grants.count_by_identity([ann.agent.id], now=view.now)),
                len(view.grants.count_by_connection([connection.id], now=view.now)),
                len(visible_connections(view, caller=ann.agent_caller)),
                int(bool(reachable_hosts(view, identity=ann.agent))),
            )
        )

    assert await counted() == (1, 1, 1, 1)
    clock.advance(DAY)
    assert await counted() == (0, 0, 0, 0)


async def test_how_long_it_lasts_is_changed_from_now_on(store: Store, clock: SimulatedClock) -> None:
    ann = await person(store)
    grant = await give(store, ann, (await connect(store, ann)).id, DAY)
    clock.advance(DAY / 2)
    longer = await change(store, ann.confirmed, grant.id, 2 * DAY)
    fact = (await all_events(store))[-1]
    assert longer.expires_at == fact.occurred_at + 2 * DAY
    assert (fact.name, fact.fields["grant_id"]) == ("grant_changed", grant.id)
    assert (fact.fields["lasts_seconds"], fact.fields["had_run_out"]) == (172_800, False)
    clock.advance(DAY)
    assert isinstance(await answer(store, ann.agent), Allowed)
    for_ever = await change(store, ann.confirmed, grant.id, None)
    assert (for_ever.expires_at, for_ever.given_until) == (None, grant.expires_at)
    assert "lasts_seconds" not in (await all_events(store))[-1].fields
    before = len(await all_events(store))
    assert await change(store, ann.confirmed, grant.id, None) == for_ever
    assert len(await all_events(store)) == before, "nothing changed, so nothing is said"
    clock.advance(3650 * DAY)
    assert isinstance(await answer(store, ann.agent), Allowed)


async def test_one_that_has_run_out_is_given_again_as_the_same_grant(
    store: Store, clock: SimulatedClock
) -> None:
    ann = await person(store)
    connection = await connect(store, ann)
    grant = await give(store, ann, connection.id, DAY)
    clock.advance(2 * DAY)
    again = await give(store, ann, connection.id, DAY)
    assert again.id == grant.id
    fact = (await all_events(store))[-1]
    assert (fact.name, fact.fields["had_run_out"]) == ("grant_changed", True)
    assert isinstance(await answer(store, ann.agent), Allowed)
    unchanged = await give(store, ann, connection.id, None)
    assert unchanged == again, "what holds is left as it is"


async def test_only_who_gave_it_changes_it_and_only_confirmed(store: Store) -> None:
    ann, bob = await person(store), await person(store, "bob")
    grant = await give(store, ann, (await connect(store, ann)).id, DAY)
    with pytest.raises(ConfirmationRequired):
        await change(store, ann.caller, grant.id, None)
    with pytest.raises(PrincipalRequired):
        await change(store, ann.agent_caller, grant.id, None)
    for caller, grant_id in ((bob.confirmed, grant.id), (ann.confirmed, "grt_nothing")):
        with pytest.raises(GrantMissing):
            await change(store, caller, grant_id, None)
    assert "grant_changed" not in [event.name for event in await all_events(store)]


async def test_what_could_not_be_given_now_cannot_be_made_to_last(store: Store) -> None:
    ann, bob = await person(store), await person(store, "bob")
    connection = await connect(store, ann)
    removed = await give(store, ann, connection.id, DAY)
    await store.write(ann.confirmed, lambda work: remove_grant(work, grant_id=removed.id))
    with pytest.raises(GrantMissing):
        await change(store, ann.confirmed, removed.id, None)
    grant = await give(store, ann, connection.id, DAY)
    await release(store, ann.agent, to=bob.id)
    for caller in (ann.confirmed, bob.confirmed):
        with pytest.raises(GrantMissing):
            await change(store, caller, grant.id, None)
    await release(store, ann.agent, to=ann.id)
    await store.write(ann.caller, lambda work: revoke(work, KEEPER, connection_id=connection.id))
    with pytest.raises(GrantMissing):
        await change(store, ann.confirmed, grant.id, None)
