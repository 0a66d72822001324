"""Ann, her agent, and what it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from authsome.connection.create import create_connection
from authsome.connection.model import Connection
from authsome.grant.access.approve_access import approve_access
from authsome.grant.access.deny_access import deny_access
from authsome.grant.access.find import Asked, get_asked, list_open
from authsome.grant.access.model import AccessRequest
from authsome.grant.access.request_access import request_access
from authsome.grant.model import Grant
from authsome.identity.did import encode
from authsome.identity.model import Identity
from authsome.kit.caller import Caller
from authsome.kit.secret import Secret
from authsome.store.transactions import Store
from tests.contract.nouns.people import KEEPER, Person, claimed, person

DAY = timedelta(days=1)


@dataclass
class House:
    """A store in which Ann has claimed an agent by the use cases."""

    store: Store
    ann: Person
    agent: Identity

    async def ask(
        self,
        provider: str = "openai",
        name: str | None = None,
        *,
        by: Caller | None = None,
        lasting: timedelta | None = None,
        note: str | None = None,
    ) -> AccessRequest:
        return await self.store.write(
            by or self.agent.as_caller(),
            lambda work: request_access(
                work, provider=provider, connection_name=name, lasting=lasting, note=note
            ),
        )

    async def approve(
        self,
        request: AccessRequest,
        connection_id: str,
        *,
        by: Caller | None = None,
        lasting: timedelta | None = None,
    ) -> Grant:
        return await self.store.write(
            by or self.ann.confirmed,
            lambda work: approve_access(
                work, request_id=request.id, connection_id=connection_id, lasting=lasting
            ),
        )

    async def deny(self, request: AccessRequest, *, by: Caller | None = None) -> AccessRequest:
        return await self.store.write(
            by or self.ann.caller, lambda work: deny_access(work, request_id=request.id)
        )

    async def open_for(self, caller: Caller) -> list[str]:
        found = await self.store.read(lambda view: list_open(view, caller=caller))
        return [one.request.id for one in found]

    async def seen(self, caller: Caller, request: AccessRequest) -> Asked:
        return await self.store.read(lambda view: get_asked(view, caller=caller, request_id=request.id))


async def a_house(store: Store) -> House:
    ann = await person(store)
    return House(store, ann, await claimed(store, ann, encode(b"\x01" * 32)))


async def connected(store: Store, who: Person, name: str = "default", provider: str = "openai") -> Connection:
    key = Secret("sk-live-5f2b9c0d1e")
    return await store.write(
        who.caller, lambda work: create_connection(work, KEEPER, provider=provider, name=name, key=key)
    )
