"""Approving and denying: by the principal who is asked, while they are, and with the grant in one commit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from authsome.claim.decide import accept
from authsome.claim.release import release
from authsome.claim.revoke import revoke
from authsome.connection.arrange.share import share
from authsome.connection.errors import ConnectionEnded, ConnectionMissing
from authsome.connection.revoke import revoke as revoke_connection
from authsome.erasure.erase_identity import erase_identity
from authsome.erasure.erase_principal import erase_principal
from authsome.grant.access.errors import AccessRequestGone, AccessRequestMissing
from authsome.grant.access.model import LIFE, AccessState
from authsome.grant.create import create_grant
from authsome.grant.decide import Allowed
from authsome.grant.model import Reason
from authsome.kit.caller import ConfirmationRequired, PrincipalRequired
from authsome.principal.model import Role
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.contract.nouns.asking import DAY, House, a_house, connected
from tests.contract.nouns.erased import everything, found
from tests.contract.nouns.people import KEEPER, ask_to_be_claimed, person, store_server
from tests.contract.nouns.test_grants import answer
from tests.support.crash import Crash, crash_before
from tests.support.log import all_events


async def test_approved_it_passes_with_the_chosen_connection_for_the_chosen_time(
    store: Store, clock: SimulatedClock
) -> None:
    house = await a_house(store)
    connection = await connected(store, house.ann)
    assert await answer(store, house.agent) is Reason.NOT_GRANTED
    asked = await house.ask("openai", "elsewhere", lasting=30 * DAY)
    grant = await house.approve(asked, connection.id, lasting=DAY)
    assert (grant.connection_id, grant.expires_at) == (connection.id, grant.created_at + DAY)
    assert isinstance(await answer(store, house.agent), Allowed)
    facts = (await all_events(store))[-2:]
    assert [fact.name for fact in facts] == ["grant_created", "access_approved"]
    assert (facts[1].actor_id, facts[1].fields["grant_id"]) == (house.ann.id, grant.id)
    assert facts[1].fields["access_request_id"] == asked.id
    seen = await house.seen(house.agent.as_caller(), asked)
    assert (seen.state, seen.request.grant_id) == (AccessState.APPROVED, grant.id)
    assert await house.open_for(house.ann.caller) == []
    clock.advance(DAY)
    assert await answer(store, house.agent) is Reason.GRANT_EXPIRED
    again = await house.ask("openai", "elsewhere")
    assert (await house.approve(again, connection.id)).id == grant.id
    assert [fact.name for fact in (await all_events(store))[-2:]] == ["grant_changed", "access_approved"]
    assert isinstance(await answer(store, house.agent), Allowed)


async def test_denied_it_stays_as_it_was(store: Store) -> None:
    house = await a_house(store)
    await connected(store, house.ann)
    asked = await house.ask()
    denied = await house.deny(asked)
    fact = (await all_events(store))[-1]
    assert (fact.name, fact.occurred_at, fact.actor_id) == ("access_denied", denied.ended_at, house.ann.id)
    assert await answer(store, house.agent) is Reason.NOT_GRANTED
    assert (await house.seen(house.agent.as_caller(), asked)).state is AccessState.DENIED


async def test_it_is_decided_once(store: Store) -> None:
    house = await a_house(store)
    connection = await connected(store, house.ann)
    asked = await house.ask()
    tried = [house.approve(asked, connection.id) for _ in range(3)]
    done = await asyncio.gather(*tried, house.deny(asked), return_exceptions=True)
    assert sorted(isinstance(one, AccessRequestGone) for one in done) == [False, True, True, True]
    names = [event.name for event in await all_events(store)]
    assert names.count("access_approved") + names.count("access_denied") == 1
    for again in (house.approve(asked, connection.id), house.deny(asked)):
        with pytest.raises(AccessRequestGone):
            await again


async def test_nobody_else_decides_and_no_agent_does(store: Store) -> None:
    house = await a_house(store)
    bob = await person(store, "bob", role=Role.ADMIN)
    connection, his = await connected(store, house.ann), await connected(store, bob)
    asked = await house.ask()
    before = len(await all_events(store))
    with pytest.raises(ConfirmationRequired):
        await house.approve(asked, connection.id, by=house.ann.caller)
    for caller in (house.agent.as_caller(), store_server(store)):
        with pytest.raises(PrincipalRequired):
            await house.approve(asked, connection.id, by=caller)
        with pytest.raises(PrincipalRequired):
            await house.deny(asked, by=caller)
    for chosen in (connection.id, his.id):
        with pytest.raises(AccessRequestMissing):
            await house.approve(asked, chosen, by=bob.confirmed)
    with pytest.raises(AccessRequestMissing):
        await house.deny(asked, by=bob.confirmed)
    assert len(await all_events(store)) == before


async def test_only_what_is_asked_for_and_within_reach_is_given(store: Store) -> None:
    house, bob = await a_house(store), await person(store, "bob", role=Role.ADMIN)
    github = await connected(store, house.ann, provider="github")
    ended = await connected(store, house.ann, "ended")
    await store.write(house.ann.caller, lambda work: revoke_connection(work, KEEPER, connection_id=ended.id))
    his = await connected(store, bob)
    asked = await house.ask("openai")
    for chosen in (github.id, his.id, "con_nothing", ""):
        with pytest.raises(ConnectionMissing):
            await house.approve(asked, chosen)
    with pytest.raises(ConnectionEnded):
        await house.approve(asked, ended.id)
    assert await house.open_for(house.ann.caller) == [asked.id], "it can still be answered"
    await store.write(bob.confirmed, lambda work: share(work, connection_id=his.id))
    assert (await house.approve(asked, his.id)).principal_id == house.ann.id


async def _released(house: House) -> None:
    await house.store.write(house.ann.confirmed, lambda work: release(work, identity_id=house.agent.id))


async def _claimed_again(house: House) -> None:
    await _released(house)
    made = await ask_to_be_claimed(house.store, house.agent.did)
    code = made.code.reveal()
    await house.store.write(
        house.ann.confirmed,
        lambda work: accept(work, token=made.token, code=code, connection_ids=[]),
    )


async def _revoked(house: House) -> None:
    await house.store.write(house.ann.confirmed, lambda work: revoke(work, identity_id=house.agent.id))


@pytest.mark.parametrize("end", [_released, _claimed_again, _revoked])
async def test_a_request_ends_with_the_claim_under_which_it_was_asked(
    store: Store, end: Callable[[House], Awaitable[None]]
) -> None:
    house = await a_house(store)
    connection = await connected(store, house.ann)
    asked = await house.ask()
    await end(house)
    assert await house.open_for(house.ann.caller) == []
    assert (await house.seen(house.ann.caller, asked)).state is AccessState.EXPIRED
    for decide in (house.approve(asked, connection.id), house.deny(asked)):
        with pytest.raises(AccessRequestGone):
            await decide


async def test_a_request_that_nobody_decided_expires_by_itself(store: Store, clock: SimulatedClock) -> None:
    house = await a_house(store)
    connection = await connected(store, house.ann)
    asked, before = await house.ask(), len(await all_events(store))
    clock.advance(LIFE)
    assert (await house.seen(house.agent.as_caller(), asked)).state is AccessState.EXPIRED
    with pytest.raises(AccessRequestGone):
        await house.approve(asked, connection.id)
    assert len(await all_events(store)) == before
    assert (await house.ask()).id != asked.id


async def test_what_was_granted_meanwhile_gets_the_chosen_time(store: Store) -> None:
    house = await a_house(store)
    connection = await connected(store, house.ann)
    asked = await house.ask()
    given = await store.write(
        house.ann.confirmed,
        lambda work: create_grant(work, identity=house.agent, connection_id=connection.id),
    )
    grant = await house.approve(asked, connection.id, lasting=timedelta(hours=1))
    assert (grant.id, grant.expires_at is None) == (given.id, False)


async def test_a_server_that_dies_while_approving_has_approved_nothing(store: Store) -> None:
    house = await a_house(store)
    connection = await connected(store, house.ann)
    asked = await house.ask()
    untouched, crashes = await everything(store), 0
    for nth in range(1, 50):
        try:
            with crash_before(nth, store.database.writer.engine):
                await house.approve(asked, connection.id)
        except Crash:
            crashes += 1
            assert await everything(store) == untouched, f"before statement {nth}"
        else:
            break
    assert crashes > 3
    assert isinstance(await answer(store, house.agent), Allowed)


async def test_what_an_erased_agent_wrote_is_gone(store: Store) -> None:
    house = await a_house(store)
    await house.ask("openai", "hidden-name", note="a word of mine")
    await store.write(house.ann.confirmed, lambda work: erase_identity(work, identity_id=house.agent.id))
    await _nothing_is_left(store)


async def test_what_was_written_to_an_erased_principal_is_gone(store: Store) -> None:
    admin, house = await person(store, "root", role=Role.ADMIN), await a_house(store)
    await house.ask("openai", "hidden-name", note="a word of mine")
    await store.write(admin.confirmed, lambda work: erase_principal(work, KEEPER, principal_id=house.ann.id))
    await _nothing_is_left(store)


async def _nothing_is_left(store: Store) -> None:
    for word in ("hidden-name", "a word of mine"):
        assert await found(store, word) == []
    (row,) = (await everything(store))["access_request"]
    assert (row["note"], row["connection_name"], row["provider"]) == (None, None, "openai")
