"""Grants: given by the owner, confirmed, to their own agent, once; and decided anew each time."""

from __future__ import annotations

import asyncio

import pytest

from authsome.connection.create import create_connection
from authsome.connection.errors import ConnectionEnded, ConnectionMissing
from authsome.connection.model import Connection
from authsome.connection.revoke import revoke
from authsome.grant.create import create_grant
from authsome.grant.decide import Allowed, Denied, decide, standing_at
from authsome.grant.errors import GrantMissing, IdentityNotYours
from authsome.grant.model import Grant, Reason
from authsome.grant.note_denial import note_denial
from authsome.grant.remove import remove_grant
from authsome.identity.errors import IdentityUnclaimed
from authsome.identity.model import Identity, IdentityState
from authsome.kit.caller import Caller, ConfirmationRequired, PrincipalRequired
from authsome.kit.secret import Secret
from authsome.store.transactions import Store
from authsome.store.view import View
from tests.contract.nouns.people import KEEPER, Person, person, release
from tests.support.log import all_events


async def connect(store: Store, who: Person) -> Connection:
    key = Secret("sk-live-5f2b9c0d1e")
    return await store.write(
        who.caller, lambda work: create_connection(work, KEEPER, provider="openai", name="default", key=key)
    )


async def give(store: Store, caller: Caller, identity: Identity, connection: Connection) -> Grant:
    return await store.write(
        caller, lambda work: create_grant(work, identity=identity, connection_id=connection.id)
    )


async def answer(store: Store, identity: Identity) -> Allowed | Reason:
    def ask(view: View) -> Allowed | Denied:
        current = view.identities.find(identity.id)
        assert current is not None
        return decide(
            standing_at(view, current, host="api.openai.com", port=443), host="api.openai.com", port=443
        )

    decided = await store.read(ask)
    return decided if isinstance(decided, Allowed) else decided.reason


async def test_a_grant_lets_the_agent_use_the_connection(store: Store) -> None:
    ann = await person(store)
    connection = await connect(store, ann)
    assert await answer(store, ann.agent) is Reason.NOT_GRANTED
    grant = await give(store, ann.confirmed, ann.agent, connection)
    allowed = await answer(store, ann.agent)
    assert isinstance(allowed, Allowed)
    assert allowed.connection == connection
    fact = (await all_events(store))[-1]
    assert (fact.name, fact.occurred_at) == ("grant_created", grant.created_at)
    assert fact.fields == {
        "grant_id": grant.id,
        "principal_id": ann.id,
        "identity_handle": ann.agent.handle,
        "did": ann.agent.did,
        "connection_id": connection.id,
        "provider": "openai",
    }


async def test_granting_twice_is_granting_once(store: Store) -> None:
    ann = await person(store)
    connection = await connect(store, ann)
    given = await asyncio.gather(*(give(store, ann.confirmed, ann.agent, connection) for _ in range(4)))
    assert len({grant.id for grant in given}) == 1
    assert [event.name for event in await all_events(store)].count("grant_created") == 1


async def test_only_the_confirmed_owner_grants_and_only_to_their_own_agent(store: Store) -> None:
    ann, bob = await person(store), await person(store, "bob")
    connection = await connect(store, ann)
    with pytest.raises(ConfirmationRequired):
        await give(store, ann.caller, ann.agent, connection)
    with pytest.raises(PrincipalRequired):
        await give(store, ann.agent_caller, ann.agent, connection)
    with pytest.raises(IdentityNotYours):
        await give(store, ann.confirmed, bob.agent, connection)
    with pytest.raises(ConnectionMissing):
        await give(store, bob.confirmed, bob.agent, connection)
    pending = await person(store, "new", state=IdentityState.PENDING)
    with pytest.raises(IdentityUnclaimed):
        await give(store, ann.confirmed, pending.agent, connection)
    assert [event.name for event in await all_events(store)] == ["connection_created"]


async def test_an_ended_connection_cannot_be_granted_and_its_grants_open_nothing(store: Store) -> None:
    ann = await person(store)
    connection = await connect(store, ann)
    await give(store, ann.confirmed, ann.agent, connection)
    await store.write(ann.caller, lambda work: revoke(work, KEEPER, connection_id=connection.id))
    assert await answer(store, ann.agent) is Reason.NOT_CONNECTED
    with pytest.raises(ConnectionEnded):
        await give(store, ann.confirmed, ann.agent, connection)
    await connect(store, ann)
    assert await answer(store, ann.agent) is Reason.NOT_GRANTED


async def test_a_removed_grant_opens_nothing_from_the_next_request_on(store: Store) -> None:
    ann, bob = await person(store), await person(store, "bob")
    grant = await give(store, ann.confirmed, ann.agent, await connect(store, ann))
    with pytest.raises(ConfirmationRequired):
        await store.write(ann.caller, lambda work: remove_grant(work, grant_id=grant.id))
    with pytest.raises(GrantMissing):
        await store.write(bob.confirmed, lambda work: remove_grant(work, grant_id=grant.id))
    removed = await store.write(ann.confirmed, lambda work: remove_grant(work, grant_id=grant.id))
    assert await answer(store, ann.agent) is Reason.NOT_GRANTED
    assert await store.read(lambda view: view.grants.find(grant.id)) == removed
    fact = (await all_events(store))[-1]
    assert (fact.name, fact.occurred_at) == ("grant_removed", removed.ended_at)
    for again in (grant.id, "grt_nothing"):
        with pytest.raises(GrantMissing):
            await store.write(ann.confirmed, lambda work, g=again: remove_grant(work, grant_id=g))  # type: ignore[misc]


async def test_the_next_owner_of_an_agent_gets_nothing_of_the_last_ones(store: Store) -> None:
    ann, bob = await person(store), await person(store, "bob")
    await give(store, ann.confirmed, ann.agent, await connect(store, ann))
    await release(store, ann.agent)
    assert await answer(store, ann.agent) is Reason.IDENTITY_UNCLAIMED
    await release(store, ann.agent, to=bob.id)
    assert await answer(store, ann.agent) is Reason.NOT_CONNECTED
    await connect(store, bob)
    assert await answer(store, ann.agent) is Reason.NOT_GRANTED


async def test_a_refusal_in_the_log_keeps_the_host_here(store: Store) -> None:
    ann = await person(store)
    await store.write(
        ann.agent_caller,
        lambda work: note_denial(
            work, identity=ann.agent, reason=Reason.HOST_NOT_COVERED, host="intern.test"
        ),
    )
    (fact,) = await all_events(store)
    assert (fact.name, fact.subject_id) == ("request_denied", ann.agent.handle)
    assert fact.fields["reason"] == "host_not_covered"
    assert "host" not in fact.fields
    assert list(fact.digests) == ["host"]
