"""Shared connections: an admin's own, used by agents of others whose principals grant it, and taken back."""

from __future__ import annotations

import dataclasses

import pytest

from authsome.claim.release import release as release_claim
from authsome.connection.arrange.share import MOST_SHARED, share
from authsome.connection.errors import (
    ConnectionEnded,
    ConnectionMissing,
    ConnectionNotShared,
    TooManyShared,
)
from authsome.connection.log_out import log_out
from authsome.connection.model import Connection
from authsome.connection.revoke import revoke
from authsome.grant.decide import Allowed
from authsome.grant.errors import GrantMissing, IdentityNotYours
from authsome.grant.model import Reason
from authsome.grant.remove import remove_grant
from authsome.grant.unshare import unshare
from authsome.grant.visible import visible_connections, visible_grants
from authsome.kit.caller import AdminRequired, Caller, ConfirmationRequired, PrincipalRequired
from authsome.principal.model import Role
from authsome.store.transactions import Store
from tests.contract.nouns.people import KEEPER, Person, claimed, person, release
from tests.contract.nouns.test_connections import connect
from tests.contract.nouns.test_grants import answer, give
from tests.support.log import all_events


async def lend(store: Store, who: Person, name: str = "team") -> Connection:
    """A shared connection of theirs."""
    made = await connect(store, who, name=name)
    return await store.write(who.confirmed, lambda work: share(work, connection_id=made.id))


async def take_back(store: Store, caller: Caller, connection: Connection) -> Connection:
    return await store.write(caller, lambda work: unshare(work, connection_id=connection.id))


async def admin(store: Store, name: str = "ada") -> Person:
    return await person(store, name, role=Role.ADMIN)


async def test_a_shared_connection_is_used_by_an_agent_whose_principal_grants_it(store: Store) -> None:
    ada, bob = await admin(store), await person(store, "bob")
    team = await lend(store, ada)
    assert await answer(store, bob.agent) is Reason.NOT_GRANTED
    grant = await give(store, bob.confirmed, bob.agent, team)
    allowed = await answer(store, bob.agent)
    assert isinstance(allowed, Allowed)
    assert allowed.connection.id == team.id
    shared, granted = (await all_events(store))[-2:]
    assert (shared.name, shared.occurred_at) == ("connection_shared", team.shared_at)
    assert shared.fields["principal_id"] == ada.id
    assert (granted.name, granted.fields["principal_id"]) == ("grant_created", bob.id)
    assert grant.principal_id == bob.id


async def test_only_a_confirmed_admin_shares_and_only_their_own(store: Store) -> None:
    ada, bob = await admin(store), await person(store, "bob")
    mine, theirs = await connect(store, ada), await connect(store, bob)
    for caller, connection, refusal in (
        (ada.caller, mine, ConfirmationRequired),
        (bob.confirmed, theirs, AdminRequired),
        (ada.confirmed, theirs, ConnectionMissing),
        (dataclasses.replace(ada.agent_caller, confirmed=True), mine, PrincipalRequired),
    ):
        with pytest.raises(refusal):
            await store.write(caller, lambda work, c=connection: share(work, connection_id=c.id))  # type: ignore[misc]
    await store.write(ada.caller, lambda work: log_out(work, connection_id=mine.id))
    with pytest.raises(ConnectionEnded):
        await store.write(ada.confirmed, lambda work: share(work, connection_id=mine.id))
    assert "connection_shared" not in [event.name for event in await all_events(store)]


async def test_sharing_again_is_no_fact_and_there_is_a_bound(store: Store) -> None:
    ada = await admin(store)
    first = await lend(store, ada, "n0")
    again = await store.write(ada.confirmed, lambda work: share(work, connection_id=first.id))
    assert again == first
    for number in range(1, MOST_SHARED):
        await lend(store, ada, f"n{number}")
    with pytest.raises(TooManyShared):
        await lend(store, ada, "one-more")


async def test_taking_it_back_ends_the_grants_of_others_and_no_others(store: Store) -> None:
    ada, bob = await admin(store), await person(store, "bob")
    team = await lend(store, ada)
    kept = await give(store, ada.confirmed, ada.agent, team)
    lost = await give(store, bob.confirmed, bob.agent, team)
    await take_back(store, ada.caller, team)
    assert await answer(store, bob.agent) is Reason.NOT_CONNECTED
    assert isinstance(await answer(store, ada.agent), Allowed)
    removed, unshared = (await all_events(store))[-2:]
    assert (removed.name, removed.fields["grant_id"]) == ("grant_removed", lost.id)
    assert (unshared.name, unshared.fields["grants_ended"]) == ("connection_unshared", 1)
    # Shared once more, nothing of before comes back.
    await store.write(ada.confirmed, lambda work: share(work, connection_id=team.id))
    assert await answer(store, bob.agent) is Reason.NOT_GRANTED
    live = await store.read(lambda view: view.grants.list_live(connection_id=team.id))
    assert [grant.id for grant in live] == [kept.id]


async def test_another_admin_may_take_it_back_and_a_member_may_not(store: Store) -> None:
    ada, eve, bob = await admin(store), await admin(store, "eve"), await person(store, "bob")
    team = await lend(store, ada)
    with pytest.raises(ConnectionMissing):
        await take_back(store, bob.caller, team)
    with pytest.raises(PrincipalRequired):
        await take_back(store, ada.agent_caller, team)
    await take_back(store, eve.caller, team)
    with pytest.raises(ConnectionNotShared):
        await take_back(store, eve.caller, team)


async def test_a_borrower_neither_ends_nor_lends_it_and_gives_it_to_their_own_agents_only(
    store: Store,
) -> None:
    ada, bob = await admin(store), await person(store, "bob")
    team = await lend(store, ada)
    with pytest.raises(ConnectionMissing):
        await store.write(bob.caller, lambda work: log_out(work, connection_id=team.id))
    with pytest.raises(ConnectionMissing):
        await store.write(bob.caller, lambda work: revoke(work, KEEPER, connection_id=team.id))
    with pytest.raises(IdentityNotYours):
        await give(store, bob.confirmed, ada.agent, team)


async def test_a_grant_by_sharing_ends_with_the_claim_under_which_it_was_given(store: Store) -> None:
    ada, bob, cid = await admin(store), await person(store, "bob"), await person(store, "cid")
    team = await lend(store, ada)
    await give(store, bob.confirmed, bob.agent, team)
    await release(store, bob.agent, to=cid.id)  # behind the use cases' backs: the grant stays a live row
    assert await answer(store, bob.agent) is Reason.NOT_GRANTED


async def test_releasing_an_agent_says_who_had_given_the_grant(store: Store) -> None:
    ada, bob = await admin(store), await person(store, "bob")
    team = await lend(store, ada)
    agent = await claimed(store, bob, "did:key:z6MkBorrower", team.id)
    assert isinstance(await answer(store, agent), Allowed)
    await store.write(bob.confirmed, lambda work: release_claim(work, identity_id=agent.id))
    removed = next(event for event in await all_events(store) if event.name == "grant_removed")
    assert removed.fields["principal_id"] == bob.id


async def test_the_owner_takes_a_borrowers_grant_away_and_strangers_do_not(store: Store) -> None:
    ada, bob, cid = await admin(store), await person(store, "bob"), await person(store, "cid")
    grant = await give(store, bob.confirmed, bob.agent, await lend(store, ada))
    with pytest.raises(GrantMissing):
        await store.write(cid.confirmed, lambda work: remove_grant(work, grant_id=grant.id))
    await store.write(ada.confirmed, lambda work: remove_grant(work, grant_id=grant.id))
    assert await answer(store, bob.agent) is Reason.NOT_GRANTED


async def test_ones_own_default_goes_before_what_others_share(store: Store) -> None:
    ada, bob = await admin(store), await person(store, "bob")
    team, own = await lend(store, ada), await connect(store, bob)
    for one in (team, own):
        await give(store, bob.confirmed, bob.agent, one)
    allowed = await answer(store, bob.agent)
    assert isinstance(allowed, Allowed)
    assert allowed.connection.id == own.id


async def test_everybody_sees_what_is_shared_and_the_grants_that_concern_them(store: Store) -> None:
    ada, bob, cid = await admin(store), await person(store, "bob"), await person(store, "cid")
    own, team = await connect(store, bob), await lend(store, ada)
    await connect(store, ada)
    for who in (bob, cid):
        await give(store, who.confirmed, who.agent, team)

    async def see(caller: Caller) -> tuple[list[str], set[str]]:
        connections = await store.read(lambda view: visible_connections(view, caller=caller))
        grants = await store.read(lambda view: visible_grants(view, caller=caller))
        return [one.id for one in connections], {one.identity.handle for one in grants}

    assert await see(bob.caller) == ([own.id, team.id], {bob.agent.handle})
    assert await see(bob.agent_caller) == ([team.id], {bob.agent.handle})
    assert (await see(ada.caller))[1] == {bob.agent.handle, cid.agent.handle}
    assert await see(ada.agent_caller) == ([], set())


async def test_a_revoked_connection_is_shared_no_more(store: Store) -> None:
    ada, bob = await admin(store), await person(store, "bob")
    team = await lend(store, ada)
    await give(store, bob.confirmed, bob.agent, team)
    ended = await store.write(ada.caller, lambda work: revoke(work, KEEPER, connection_id=team.id))
    assert not ended.is_shared
    assert await answer(store, bob.agent) is Reason.NOT_CONNECTED
    assert await store.read(lambda view: view.connections.list_shared()) == []
