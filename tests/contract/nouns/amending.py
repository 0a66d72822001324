"""A provider, who is connected to it, and what an admin does to its definition."""

from __future__ import annotations

from typing import Any

from authsome.amendment.carry_out import carry_out
from authsome.amendment.model import Act, Amendment, Effect, Plan
from authsome.amendment.plan import measure, plan
from authsome.auth_session.complete import connect_with_key
from authsome.connection.model import Connection
from authsome.grant.create import create_grant
from authsome.grant.decide import Allowed, Denied, decide, standing_of
from authsome.kit.secret import Secret
from authsome.principal.model import Role
from authsome.provider.register import register_provider
from authsome.provider.validate import read_definition
from authsome.store.transactions import Store
from tests.contract.nouns.people import KEEPER, Person, person
from tests.contract.nouns.test_providers import definition
from tests.support.log import all_events

HERE, THERE = "api.acme.test", "elsewhere.test"


async def admin(store: Store) -> Person:
    return await person(store, "ada", role=Role.ADMIN)


async def acme(store: Store, ada: Person, *hosts: str) -> None:
    provider = read_definition(definition("acme", *(hosts or (HERE,))))
    await store.write(ada.caller, lambda work: register_provider(work, provider=provider))


async def connect(store: Store, who: Person, provider: str = "acme", name: str = "default") -> Connection:
    return await connect_with_key(
        store, KEEPER, caller=who.caller, provider=provider, key=Secret("sk-1"), name=name
    )


async def grant(store: Store, who: Person, connection: Connection) -> None:
    await store.write(
        who.confirmed, lambda work: create_grant(work, identity=who.agent, connection_id=connection.id)
    )


def changed(*hosts: str, name: str = "acme", act: Act = Act.CHANGE, **more: Any) -> Amendment:
    return Amendment(act=act, name=name, definition=definition(name, *hosts) | more)


async def planned(store: Store, amendment: Amendment) -> tuple[Plan, Effect]:
    def look(view: Any) -> tuple[Plan, Effect]:
        made = plan(view, amendment)
        return made, measure(view, made)

    return await store.read(look)


async def confirm(store: Store, who: Person, amendment: Amendment) -> Plan:
    made, _ = await planned(store, amendment)
    return await carry_out(store, who.confirmed, amendment, seen=made.fingerprint)


async def asked(store: Store, who: Person, host: str) -> Allowed | Denied:
    return await store.read(lambda view: decide(standing_of(view, who.agent), host=host, port=443))


async def names(store: Store) -> list[str]:
    return [event.name for event in await all_events(store)]
