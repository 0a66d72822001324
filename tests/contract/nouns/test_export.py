"""Taking a secret out: its principal alone, confirmed, and told as a fact without the secret."""

from __future__ import annotations

from dataclasses import replace

import pytest

from authsome.connection.errors import ConnectionEnded, ConnectionMissing
from authsome.connection.export import export
from authsome.connection.log_out import log_out
from authsome.connection.model import Connection
from authsome.kit.caller import Caller, ConfirmationRequired, PrincipalRequired
from authsome.kit.secret import Secret
from authsome.principal.model import Role
from authsome.store.transactions import Store
from tests.contract.nouns.people import KEEPER, person
from tests.contract.nouns.test_connections import KEY, connect
from tests.contract.nouns.test_sharing import lend
from tests.support.log import all_events


async def take_out(store: Store, caller: Caller, connection: Connection) -> dict[str, Secret]:
    return await store.write(caller, lambda work: export(work, KEEPER, connection_id=connection.id))


async def test_its_principal_gets_the_key_and_the_fact_says_so(store: Store) -> None:
    ann = await person(store)
    connection = await connect(store, ann)
    assert await take_out(store, ann.confirmed, connection) == {"api_key": KEY}
    fact = (await all_events(store))[-1]
    assert (fact.name, fact.subject_id) == ("credentials_exported", ann.id)
    assert fact.fields["connection_id"] == connection.id
    assert KEY.reveal() not in str(fact)


async def test_without_the_password_by_an_agent_or_by_another_nothing_comes_out(store: Store) -> None:
    ann, boss = await person(store), await person(store, "boss", role=Role.ADMIN)
    connection, lent = await connect(store, ann), await lend(store, boss)
    for caller, wanted, refusal in (
        (ann.caller, connection, ConfirmationRequired),
        (ann.agent_caller, connection, PrincipalRequired),
        (replace(ann.agent_caller, confirmed=True), connection, PrincipalRequired),
        (boss.confirmed, connection, ConnectionMissing),
        (ann.confirmed, lent, ConnectionMissing),
    ):
        with pytest.raises(refusal):
            await take_out(store, caller, wanted)
    await store.write(ann.caller, lambda work: log_out(work, connection_id=connection.id))
    with pytest.raises(ConnectionEnded):
        await take_out(store, ann.confirmed, connection)
    assert "credentials_exported" not in [event.name for event in await all_events(store)]
