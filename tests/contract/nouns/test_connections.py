"""Connections: made once, sealed, never overwritten, and gone when they end."""

from __future__ import annotations

import asyncio

import pytest

from authsome.auth_session.complete import connect_with_key
from authsome.connection.create import create_connection
from authsome.connection.errors import (
    ConnectionEnded,
    ConnectionMissing,
    ConnectionTaken,
    ConnectionUnclear,
    TooManyConnections,
)
from authsome.connection.find import open_secret, resolve
from authsome.connection.first_use import note_first_use
from authsome.connection.log_out import log_out
from authsome.connection.model import Connection, ConnectionState
from authsome.connection.revoke import revoke
from authsome.kit.caller import PrincipalRequired
from authsome.kit.secret import Secret
from authsome.principal.model import Role
from authsome.provider.errors import ProviderMissing
from authsome.store.tables import LOG, REGISTRY
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.testing.clock import SeededEntropy
from authsome.vault.ensure import check_key
from authsome.vault.errors import InstallationKeyWrong, SealBroken
from authsome.vault.installation_key import InstallationKey
from authsome.vault.seal import Keeper
from tests.contract.nouns.people import KEEPER, Person, person, store_server
from tests.support.log import all_events

KEY = Secret("sk-live-5f2b9c0d1e")


async def connect(store: Store, who: Person, provider: str = "openai", name: str = "default") -> Connection:
    return await store.write(
        who.caller, lambda work: create_connection(work, KEEPER, provider=provider, name=name, key=KEY)
    )


async def secret_of(store: Store, connection: Connection, keeper: Keeper = KEEPER) -> Secret:
    return await store.read(lambda view: open_secret(view, keeper, connection=connection))


def revoked(work: UnitOfWork, *, connection_id: str) -> Connection:
    return revoke(work, KEEPER, connection_id=connection_id)


async def names(store: Store) -> list[str]:
    return [event.name for event in await all_events(store) if event.name != "server_started"]


async def test_a_key_is_sealed_and_opens_again(store: Store) -> None:
    ann = await person(store)
    connection = await connect(store, ann)
    stored = await store.read(lambda view: view.connections.find(connection.id))
    assert stored == connection
    assert connection.sealed is not None
    assert KEY.reveal().encode() not in connection.sealed
    assert await secret_of(store, connection) == KEY
    assert repr(connection.sealed) not in repr(connection)


async def test_the_fact_carries_owner_provider_and_vault_and_no_secret(store: Store) -> None:
    ann = await person(store)
    connection = await connect(store, ann, name="work")
    (fact,) = await all_events(store)
    assert fact.name == "connection_created"
    assert (fact.subject_kind, fact.subject_id) == ("principal", ann.id)
    assert fact.occurred_at == connection.created_at
    assert fact.fields == {
        "connection_id": connection.id,
        "principal_id": ann.id,
        "provider": "openai",
        "flow": "api_key",
        "is_default": True,
        "vault_id": connection.vault_id,
    }
    assert list(fact.digests) == ["connection_name"]


async def test_the_first_connection_to_a_provider_is_its_default(store: Store) -> None:
    ann, bob = await person(store), await person(store, "bob")
    assert (await connect(store, ann)).is_default
    assert not (await connect(store, ann, name="work")).is_default
    assert (await connect(store, ann, "github")).is_default
    assert (await connect(store, bob)).is_default


async def test_a_live_connection_is_never_overwritten(store: Store) -> None:
    ann = await person(store)
    first = await connect(store, ann)
    with pytest.raises(ConnectionTaken):
        await connect(store, ann)
    assert await store.read(lambda view: view.connections.list(principal_id=ann.id)) == [first]


async def test_of_many_at_once_with_one_name_exactly_one_is_made(store: Store) -> None:
    ann = await person(store)
    made = await asyncio.gather(*(connect(store, ann) for _ in range(6)), return_exceptions=True)
    refused = [one for one in made if isinstance(one, BaseException)]
    assert [type(one) for one in refused] == [ConnectionTaken] * 5
    assert await names(store) == ["connection_created"]


async def test_all_of_a_principals_connections_lie_in_one_vault(store: Store) -> None:
    ann = await person(store)
    made = await asyncio.gather(*(connect(store, ann, name=f"n{number}") for number in range(4)))
    assert len({one.vault_id for one in made}) == 1
    assert [await secret_of(store, one) for one in made] == [KEY] * 4


@pytest.mark.parametrize("end", [log_out, revoked])
async def test_an_end_deletes_the_secret_and_frees_the_name(store: Store, end: object) -> None:
    ann = await person(store)
    connection = await connect(store, ann)
    assert callable(end)
    ended: Connection = await store.write(ann.caller, lambda work: end(work, connection_id=connection.id))
    assert ended.sealed is None
    assert ended.state in (ConnectionState.LOGGED_OUT, ConnectionState.REVOKED)
    assert (await names(store))[-1] == f"connection_{ended.state.value}"
    for old in (ended, await store.read(lambda view: view.connections.find(connection.id))):
        assert old is not None
        with pytest.raises(ConnectionEnded):
            await secret_of(store, old)
    with pytest.raises(ConnectionEnded):
        await store.write(ann.caller, lambda work: end(work, connection_id=connection.id))
    assert (await connect(store, ann)).id != connection.id


async def test_only_the_owner_logs_out_and_only_owner_and_admin_revoke(store: Store) -> None:
    ann, bob = await person(store), await person(store, "bob")
    admin = await person(store, "ada", role=Role.ADMIN)
    connection = await connect(store, ann)
    for caller in (bob.caller, admin.caller):
        with pytest.raises(ConnectionMissing):
            await store.write(caller, lambda work: log_out(work, connection_id=connection.id))
    with pytest.raises(ConnectionMissing):
        await store.write(bob.caller, lambda work: revoke(work, KEEPER, connection_id=connection.id))
    with pytest.raises(PrincipalRequired):
        await store.write(ann.agent_caller, lambda work: revoke(work, KEEPER, connection_id=connection.id))
    await store.write(admin.caller, lambda work: revoke(work, KEEPER, connection_id=connection.id))
    revoked = (await all_events(store))[-1]
    assert (revoked.actor_id, revoked.fields["principal_id"]) == (admin.id, ann.id)


async def test_an_agent_cannot_give_a_key(store: Store) -> None:
    ann = await person(store)
    with pytest.raises(PrincipalRequired):
        await store.write(
            ann.agent_caller,
            lambda work: create_connection(work, KEEPER, provider="openai", name="default", key=KEY),
        )
    assert await names(store) == []


async def test_a_provider_that_is_not_there_is_not_connected(store: Store) -> None:
    ann = await person(store)
    for provider in ("nobody", "", "a\0b", "x" * 10_000):
        with pytest.raises(ProviderMissing):
            await connect(store, ann, provider)


async def test_what_people_write_means_one_connection_or_is_refused(store: Store) -> None:
    ann, bob = await person(store), await person(store, "bob")
    work_one, home = await connect(store, ann, name="work"), await connect(store, ann, name="home")
    github = await connect(store, ann, "github", "solo")

    async def meant(reference: str, owner: Person = ann) -> Connection:
        return await store.read(lambda view: resolve(view, principal_id=owner.id, reference=reference))

    assert await meant("openai") == work_one
    assert await meant("openai/home") == home
    assert await meant(github.id) == await meant("github") == await meant("github/solo") == github
    for nothing in ("openai/none", "stripe", "", "/", github.id + "x"):
        with pytest.raises(ConnectionMissing):
            await meant(nothing)
    with pytest.raises(ConnectionMissing):
        await meant(github.id, bob)
    await store.write(ann.caller, lambda work: log_out(work, connection_id=work_one.id))
    await connect(store, ann, name="other")
    with pytest.raises(ConnectionUnclear):
        await meant("openai")


async def test_the_first_use_is_noted_once(store: Store) -> None:
    ann = await person(store)
    connection = await connect(store, ann)

    async def use() -> bool:
        return await store.write(
            ann.agent_caller,
            lambda work: note_first_use(work, connection_id=connection.id, identity=ann.agent),
        )

    assert sorted(await asyncio.gather(*(use() for _ in range(4)))) == [False, False, False, True]
    assert await names(store) == ["connection_created", "connection_first_used"]
    fact = (await all_events(store))[-1]
    stored = await store.read(lambda view: view.connections.find(connection.id))
    assert stored is not None
    assert stored.first_used_at == fact.occurred_at
    assert (fact.subject_id, fact.fields["did"]) == (ann.agent.handle, ann.agent.did)
    assert await secret_of(store, stored) == KEY


async def test_a_principal_has_a_bounded_number_of_them(store: Store) -> None:
    ann = await person(store)

    def fill(work: UnitOfWork) -> None:
        for number in range(200):
            create_connection(work, KEEPER, provider="openai", name=f"n{number}", key=KEY)

    await store.write(ann.caller, fill)
    with pytest.raises(TooManyConnections):
        await connect(store, ann, "github")


async def test_a_sealed_secret_moved_to_another_row_does_not_open(store: Store) -> None:
    ann, bob = await person(store), await person(store, "bob")
    hers, his = await connect(store, ann), await connect(store, bob)

    def swap(work: UnitOfWork) -> Connection:
        work.quiet("somebody with the database at hand")
        work.connections.set(his.id, sealed=hers.sealed, vault_id=hers.vault_id)
        moved = work.connections.find(his.id)
        assert moved is not None
        return moved

    moved = await store.write(store_server(store), swap)
    with pytest.raises(SealBroken):
        await secret_of(store, moved)


async def test_another_installation_key_is_noticed_at_the_start(store: Store) -> None:
    other = Keeper(InstallationKey(b"o" * 32), SeededEntropy(8))
    ann = await person(store)
    await store.read(lambda view: check_key(view, other))
    connection = await connect(store, ann)
    await store.read(lambda view: check_key(view, KEEPER))
    with pytest.raises(InstallationKeyWrong):
        await store.read(lambda view: check_key(view, other))
    with pytest.raises(InstallationKeyWrong):
        await secret_of(store, connection, other)


async def test_the_key_is_nowhere_in_the_database(store: Store) -> None:
    ann = await person(store)
    await connect_with_key(store, KEEPER, caller=ann.caller, provider="openai", key=KEY)

    def dump(work: UnitOfWork) -> str:
        tables = [*REGISTRY, *LOG]
        return repr([tuple(row) for table in tables for row in work.connection.execute(table.select())])

    everything = await store.write(store_server(store), dump)
    assert "connection_created" in everything
    assert "con_" in everything
    assert KEY.reveal() not in everything
