"""Asking for access: signed by an agent, bounded, and telling it nothing about what is connected."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from authsome.claim.release import release
from authsome.connection.errors import ConnectionNameInvalid
from authsome.connection.revoke import revoke as revoke_connection
from authsome.grant.access.errors import (
    AccessDeniedLately,
    AccessHeld,
    AccessNoteInvalid,
    AccessRequestMissing,
    TooManyAccessRequests,
)
from authsome.grant.access.model import LIFE, MOST_A_DAY, MOST_OPEN, AccessState
from authsome.grant.create import create_grant
from authsome.identity.errors import IdentityRequired, IdentityUnclaimed
from authsome.identity.model import IdentityState
from authsome.provider.errors import ProviderMissing
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.contract.nouns.asking import DAY, a_house, connected
from tests.contract.nouns.people import KEEPER, person
from tests.support.log import all_events

PROVIDERS = ("openai", "github", "stripe", "gemini", "slack", "notion", "linear")


async def test_a_request_is_open_for_its_principal_and_says_who_asks_for_what(store: Store) -> None:
    house = await a_house(store)
    asked = await house.ask("openai", "work", lasting=7 * DAY, note="nightly summaries")
    assert asked.id.startswith("acr_")
    assert (asked.state, asked.expires_at - asked.created_at < LIFE + DAY) == (AccessState.OPEN, True)
    fact = (await all_events(store))[-1]
    assert (fact.name, fact.occurred_at) == ("access_requested", asked.created_at)
    assert (fact.actor_kind, fact.actor_id) == ("identity", house.agent.handle)
    assert fact.fields == {
        "access_request_id": asked.id,
        "principal_id": house.ann.id,
        "identity_handle": house.agent.handle,
        "did": house.agent.did,
        "provider": "openai",
        "lasts_seconds": 7 * 86_400,
    }
    assert sorted(fact.digests) == ["connection_name", "note"], "what it wrote stays here"
    assert await house.open_for(house.ann.caller) == [asked.id]
    assert await house.open_for(house.agent.as_caller()) == [asked.id]


async def test_the_answer_is_the_same_whatever_is_connected(store: Store) -> None:
    house, bob = await a_house(store), await person(store, "bob")
    await connected(store, house.ann, "mine")
    await connected(store, bob, "bobs")
    told = [await house.ask("openai", name) for name in ("mine", "bobs", "nothing", None)]
    assert {(one.state, one.provider, one.grant_id) for one in told} == {(AccessState.OPEN, "openai", None)}


async def test_the_same_is_asked_once_also_at_once(store: Store) -> None:
    house = await a_house(store)
    asked = await asyncio.gather(*(house.ask("openai", lasting=n * DAY) for n in range(1, 5)))
    assert len({one.id for one in asked}) == 1
    assert await house.ask("openai") == (await house.seen(house.ann.caller, asked[0])).request
    assert [event.name for event in await all_events(store)].count("access_requested") == 1
    assert (await house.ask("openai", "work")).id != asked[0].id


async def test_few_are_open_at_once_and_few_are_asked_in_a_day(store: Store, clock: SimulatedClock) -> None:
    house = await a_house(store)
    for provider in PROVIDERS[:MOST_OPEN]:
        await house.ask(provider)
    before = len(await all_events(store))
    with pytest.raises(TooManyAccessRequests):
        await house.ask(PROVIDERS[MOST_OPEN])
    assert len(await all_events(store)) == before
    clock.advance(LIFE)
    for number in range(MOST_A_DAY):
        await house.deny(await house.ask("openai", f"n{number}"))
    with pytest.raises(TooManyAccessRequests):
        await house.ask("openai", "one-more")
    clock.advance(DAY)
    await house.ask("openai", "one-more")


async def test_what_was_denied_is_not_asked_again_for_a_day(store: Store, clock: SimulatedClock) -> None:
    house = await a_house(store)
    await house.deny(await house.ask("openai"))
    with pytest.raises(AccessDeniedLately):
        await house.ask("openai")
    clock.advance(DAY)
    assert (await house.ask("openai")).state is AccessState.OPEN


async def test_what_it_may_use_already_is_not_asked_for_and_what_ran_out_is(
    store: Store, clock: SimulatedClock
) -> None:
    house = await a_house(store)
    connection = await connected(store, house.ann, "work")

    def grant(lasting: timedelta | None) -> object:
        return store.write(
            house.ann.confirmed,
            lambda work: create_grant(
                work, identity=house.agent, connection_id=connection.id, lasting=lasting
            ),
        )

    await grant(DAY)  # type: ignore[misc]
    for name in (None, "work"):
        with pytest.raises(AccessHeld):
            await house.ask("openai", name)
    await house.ask("openai", "other")
    clock.advance(DAY)
    await house.ask("openai")
    await house.ask("openai", "work")
    await grant(None)  # type: ignore[misc]
    with pytest.raises(AccessHeld):
        await house.ask("openai", "work")
    await store.write(
        house.ann.caller, lambda work: revoke_connection(work, KEEPER, connection_id=connection.id)
    )
    await house.ask("openai", "work")


async def test_only_a_claimed_agent_asks_and_only_in_its_own_name(store: Store) -> None:
    house, bob = await a_house(store), await person(store, "bob")
    for caller in (house.ann.caller, house.ann.confirmed):
        with pytest.raises(IdentityRequired):
            await house.ask(by=caller)
    pending = await person(store, "new", state=IdentityState.PENDING)
    with pytest.raises(IdentityUnclaimed):
        await house.ask(by=pending.agent_caller)
    asked = await house.ask()
    for caller in (bob.caller, bob.agent_caller, house.ann.agent_caller):
        assert await house.open_for(caller) == []
        with pytest.raises(AccessRequestMissing):
            await house.seen(caller, asked)
    released = await store.write(house.ann.confirmed, lambda work: release(work, identity_id=house.agent.id))
    with pytest.raises(IdentityUnclaimed):
        await house.ask(by=released.as_caller())


async def test_what_is_no_provider_name_or_note_is_refused(store: Store) -> None:
    house = await a_house(store)
    before = len(await all_events(store))
    with pytest.raises(ProviderMissing):
        await house.ask("no-such-thing")
    for name in ("", "Work", "a b", "<b>", "x" * 65, "a\nb"):
        with pytest.raises(ConnectionNameInvalid):
            await house.ask("openai", name)
    with pytest.raises(AccessNoteInvalid):
        await house.ask(note="approve this\x1b[2Know")
    assert len(await all_events(store)) == before
