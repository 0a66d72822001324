"""Who holds a key is remembered, but no commit is outlived by it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import event

from authsome.client.keys import new_key
from authsome.identity.errors import IdentityUnknown, KeyRetired
from authsome.identity.key_proof import prove
from authsome.identity.model import Identity
from authsome.identity.rotate_key import rotate_key
from authsome.identity.signature import Signed
from authsome.kit.caller import Surface
from authsome.runtime.generation import MAX_AGE_SECONDS, Generation
from authsome.runtime.signers import Signers
from authsome.store.transactions import Store
from tests.contract.nouns.people import claimed, person
from tests.contract.nouns.test_release import let_go

HOST = "localhost:7998"
KEY = new_key()


@dataclass
class House:
    """Signers over a store, a clock that stands still, and how often the database was asked."""

    store: Store
    signers: Signers
    now: list[float]
    asked: list[str] = field(default_factory=list)

    async def handle(self, did: str = KEY.did) -> str:
        return (await self.signers.find(Signed(did, "n" * 22, 0), Surface.API)).caller.id


@pytest.fixture
async def house(store: Store, tmp_path: Path) -> AsyncIterator[House]:
    generation, now = Generation(tmp_path / "generation", store.entropy), [0.0]
    store.on_commit.append(generation.bump)
    made = House(store, Signers(store, generation, monotonic=lambda: now[0]), now)

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        made.asked.append(statement)

    event.listen(store.database.reader.engine, "before_cursor_execute", note)
    yield made
    event.remove(store.database.reader.engine, "before_cursor_execute", note)
    generation.close()


async def agent(house: House) -> Identity:
    return await claimed(house.store, await person(house.store), KEY.did)


async def test_a_key_is_looked_up_once_while_nothing_is_committed(house: House) -> None:
    identity = await agent(house)
    assert await house.handle() == identity.handle
    house.asked.clear()
    assert await house.handle() == identity.handle
    assert house.asked == []


async def test_a_replaced_key_is_refused_from_the_commit_on(house: House) -> None:
    identity, new = await agent(house), new_key()
    await house.handle()
    proof = prove(
        authority=HOST,
        old_did=KEY.did,
        new_did=new.did,
        created=int(house.store.clock.now().timestamp()),
        key=new.sign,
    )
    await house.store.write(identity.as_caller(), lambda work: rotate_key(work, proof=proof, authority=HOST))
    with pytest.raises(KeyRetired):
        await house.handle()


async def test_a_released_agent_is_nobodys_from_the_commit_on(house: House) -> None:
    ann = await person(house.store)
    identity = await claimed(house.store, ann, KEY.did)
    signed = Signed(KEY.did, "n" * 22, 0)
    assert (await house.signers.find(signed, Surface.API)).caller.principal_id == ann.id
    await let_go(house.store, ann.confirmed, identity)
    assert (await house.signers.find(signed, Surface.API)).caller.principal_id is None


async def test_what_was_found_is_forgotten_after_half_a_second(house: House) -> None:
    """A commit on another machine changes no generation here."""
    identity = await agent(house)
    await house.handle()
    house.asked.clear()
    house.now[0] = MAX_AGE_SECONDS
    assert await house.handle() == identity.handle
    assert house.asked != []


async def test_a_stranger_is_not_remembered(house: House) -> None:
    with pytest.raises(IdentityUnknown):
        await house.handle()
    identity = await claimed(house.store, await person(house.store), KEY.did)
    assert await house.handle() == identity.handle
