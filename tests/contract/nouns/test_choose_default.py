"""The default: one per provider and principal, chosen by its owner, told as a fact."""

from __future__ import annotations

import asyncio

import pytest

from authsome.connection.arrange.choose_default import choose_default
from authsome.connection.errors import ConnectionEnded, ConnectionMissing
from authsome.connection.find import resolve
from authsome.connection.log_out import log_out
from authsome.connection.model import Connection
from authsome.kit.caller import PrincipalRequired
from authsome.store.transactions import Store
from tests.contract.nouns.people import Person, person
from tests.contract.nouns.test_connections import connect, names
from tests.support.log import all_events


async def choose(store: Store, who: Person, connection: Connection) -> Connection:
    return await store.write(who.caller, lambda work: choose_default(work, connection_id=connection.id))


async def defaults(store: Store, who: Person) -> list[str]:
    live = await store.read(lambda view: view.connections.list_live(who.id))
    return [one.reference for one in live if one.is_default]


async def test_a_chosen_default_takes_the_place_of_the_one_before(store: Store) -> None:
    ann = await person(store)
    first, work_ = await connect(store, ann), await connect(store, ann, name="work")
    other = await connect(store, ann, "github")
    await choose(store, ann, work_)
    assert await defaults(store, ann) == ["github/default", "openai/work"]
    meant = await store.read(lambda view: resolve(view, principal_id=ann.id, reference="openai"))
    assert meant.id == work_.id
    fact = (await all_events(store))[-1]
    assert (fact.name, fact.fields["connection_id"]) == ("connection_default_changed", work_.id)
    assert (fact.fields["previous_id"], fact.fields["principal_id"]) == (first.id, ann.id)
    assert other.is_default


async def test_choosing_the_same_again_is_no_fact(store: Store) -> None:
    ann = await person(store)
    first = await connect(store, ann)
    assert (await choose(store, ann, first)).is_default
    assert await names(store) == ["connection_created"]


async def test_only_ones_own_live_connection_can_be_chosen_and_by_no_agent(store: Store) -> None:
    ann, bob = await person(store), await person(store, "bob")
    await connect(store, ann)
    second = await connect(store, ann, name="work")
    with pytest.raises(ConnectionMissing):
        await choose(store, bob, second)
    with pytest.raises(PrincipalRequired):
        await store.write(ann.agent_caller, lambda work: choose_default(work, connection_id=second.id))
    await store.write(ann.caller, lambda work: log_out(work, connection_id=second.id))
    with pytest.raises(ConnectionEnded):
        await choose(store, ann, second)
    assert await defaults(store, ann) == ["openai/default"]


async def test_of_two_chosen_at_once_one_is_the_default(store: Store) -> None:
    ann = await person(store)
    made = [await connect(store, ann, name=f"n{number}") for number in range(3)]
    await asyncio.gather(*(choose(store, ann, one) for one in made for _ in range(2)))
    assert len(await defaults(store, ann)) == 1


async def test_where_the_default_ended_another_can_be_chosen(store: Store) -> None:
    ann = await person(store)
    first, second = await connect(store, ann), await connect(store, ann, name="work")
    await store.write(ann.caller, lambda work: log_out(work, connection_id=first.id))
    await choose(store, ann, second)
    assert (await all_events(store))[-1].fields.get("previous_id") is None
    assert await defaults(store, ann) == ["openai/work"]
