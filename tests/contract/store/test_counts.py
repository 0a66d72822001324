"""What pages show beside a list is counted in one query, alike on every database."""

from __future__ import annotations

from authsome.audit.recent import list_recent
from authsome.connection.create import create_connection
from authsome.connection.model import Connection
from authsome.connection.revoke import revoke
from authsome.grant.create import create_grant
from authsome.identity.model import IdentityState
from authsome.kit.secret import Secret
from authsome.store.transactions import Store
from tests.contract.nouns.people import KEEPER, Person, person
from tests.support.log import position_all


async def connect(store: Store, who: Person, name: str) -> Connection:
    return await store.write(
        who.caller,
        lambda work: create_connection(work, KEEPER, provider="openai", name=name, key=Secret("sk-1")),
    )


async def grant(store: Store, who: Person, connection: Connection) -> None:
    await store.write(
        who.confirmed, lambda work: create_grant(work, identity=who.agent, connection_id=connection.id)
    )


async def test_only_grants_of_live_connections_are_counted(store: Store) -> None:
    ann, ben = await person(store, "ann"), await person(store, "ben")
    kept, leaked = await connect(store, ann, "kept"), await connect(store, ann, "leaked")
    for connection in (kept, leaked):
        await grant(store, ann, connection)
    await store.write(ann.caller, lambda work: revoke(work, KEEPER, connection_id=leaked.id))
    agents = [ann.agent.id, ben.agent.id]
    by_agent = await store.read(lambda view: view.grants.count_by_identity(agents, now=view.now))
    by_connection = await store.read(
        lambda view: view.grants.count_by_connection([kept.id, leaked.id], now=view.now)
    )
    assert by_agent == {ann.agent.id: 1}
    assert by_connection == {kept.id: 1}
    assert await store.read(lambda view: view.grants.count_by_identity([], now=view.now)) == {}


async def test_only_claimed_agents_are_counted_for_their_principal(store: Store) -> None:
    ann = await person(store, "ann")
    ben = await person(store, "ben", state=IdentityState.RELEASED)
    counts = await store.read(lambda view: view.identities.count_claimed([ann.id, ben.id]))
    assert counts == {ann.id: 1}


async def test_what_happened_lately_is_ones_own_and_the_newest_first(store: Store) -> None:
    ann, ben = await person(store, "ann"), await person(store, "ben")
    await grant(store, ann, await connect(store, ann, "hers"))
    await connect(store, ben, "his")
    await position_all(store)
    hers = await list_recent(store, principal_id=ann.id, handles=[ann.agent.handle])
    his = await list_recent(store, principal_id=ben.id, handles=[])
    assert [fact.name for fact in hers] == ["grant_created", "connection_created"]
    assert [fact.name for fact in his] == ["connection_created"]
    assert hers[0].fields["identity_handle"] == ann.agent.handle
