"""Replacing an agent's key: one request by both keys, at once and for good."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from authsome.client.keys import Key, new_key
from authsome.identity.errors import (
    DidInvalid,
    DidTaken,
    IdentityEnded,
    IdentityUnclaimed,
    IdentityUnknown,
    KeyRetired,
    RotationUnproven,
    SignatureStale,
)
from authsome.identity.key_proof import KeyProof, prove
from authsome.identity.model import Identity
from authsome.identity.rotate_key import rotate_key
from authsome.identity.signature import Signed
from authsome.kit.caller import Caller, Surface
from authsome.runtime.authenticate import find_signer
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.contract.nouns.people import Person, ask_to_be_claimed, claimed, person
from tests.contract.nouns.test_release import let_go, revoked
from tests.support.log import all_events

HOST = "localhost:7998"


def proof(store: Store, old: Key, new: Key, *, authority: str = HOST) -> KeyProof:
    created = int(store.clock.now().timestamp())
    return prove(authority=authority, old_did=old.did, new_did=new.did, created=created, key=new.sign)


async def rotate(store: Store, caller: Caller, said: KeyProof) -> Identity:
    return await store.write(caller, lambda work: rotate_key(work, proof=said, authority=HOST))


async def agent(store: Store, key: Key) -> tuple[Person, Identity]:
    ann = await person(store)
    return ann, await claimed(store, ann, key.did)


async def who(store: Store, key: Key) -> str:
    signed = Signed(key.did, "n" * 22, 0)
    return (await find_signer(store, signed, Surface.API)).caller.id


async def test_the_handle_stays_and_only_the_new_key_works(store: Store) -> None:
    old, new = new_key(), new_key()
    ann, identity = await agent(store, old)
    rotated = await rotate(store, identity.as_caller(), proof(store, old, new))
    assert (rotated.handle, rotated.principal_id, rotated.did) == (identity.handle, ann.id, new.did)
    assert await who(store, new) == identity.handle
    with pytest.raises(KeyRetired):
        await who(store, old)
    fact = (await all_events(store))[-1]
    assert (fact.name, fact.subject_id) == ("identity_key_rotated", identity.handle)
    assert (fact.fields["did"], fact.fields["previous_did"]) == (new.did, old.did)
    assert fact.fields["principal_id"] == ann.id


async def test_a_replaced_key_is_never_taken_again(store: Store) -> None:
    old, new, third = new_key(), new_key(), new_key()
    _, identity = await agent(store, old)
    rotated = await rotate(store, identity.as_caller(), proof(store, old, new))
    with pytest.raises(KeyRetired):
        await ask_to_be_claimed(store, old.did)
    with pytest.raises(KeyRetired):
        await rotate(store, rotated.as_caller(), proof(store, new, old))
    rotated = await rotate(store, rotated.as_caller(), proof(store, new, third))
    for key in (old, new):
        with pytest.raises(KeyRetired):
            await ask_to_be_claimed(store, key.did)
    assert rotated.did == third.did


async def test_a_key_in_use_is_not_taken_over(store: Store) -> None:
    old, other = new_key(), new_key()
    _, identity = await agent(store, old)
    await ask_to_be_claimed(store, other.did)
    for key in (old, other):
        with pytest.raises(DidTaken):
            await rotate(store, identity.as_caller(), proof(store, old, key))


async def test_of_two_rotations_at_once_one_counts(store: Store) -> None:
    old, new, other = new_key(), new_key(), new_key()
    _, identity = await agent(store, old)
    caller = identity.as_caller()
    done = await asyncio.gather(
        *(rotate(store, caller, proof(store, old, key)) for key in (new, other)), return_exceptions=True
    )
    assert sum(isinstance(one, Identity) for one in done) == 1
    assert sum(isinstance(one, KeyRetired) for one in done) == 1


async def test_without_the_new_keys_own_word_for_this_server_and_this_minute_nothing_changes(
    store: Store, clock: SimulatedClock
) -> None:
    old, new, thief = new_key(), new_key(), new_key()
    _, identity = await agent(store, old)
    good = proof(store, old, new)
    bad = [
        KeyProof(did=thief.did, created=good.created, signature=good.signature),
        KeyProof(did=new.did, created=good.created + 1, signature=good.signature),
        KeyProof(did=new.did, created=good.created, signature="A" * 88),
        KeyProof(did=new.did, created=good.created, signature="A" * 86 + "=="),
        KeyProof(did=new.did, created=good.created, signature="é" * 88),
        KeyProof(did=new.did, created=good.created, signature=""),
        proof(store, thief, new),
        proof(store, old, new, authority="elsewhere.example:7998"),
        prove(authority=HOST, old_did=old.did, new_did=new.did, created=good.created, key=old.sign),
    ]
    for said in bad:
        with pytest.raises(RotationUnproven):
            await rotate(store, identity.as_caller(), said)
    with pytest.raises(DidInvalid):
        await rotate(
            store,
            identity.as_caller(),
            KeyProof(did="did:key:z", created=good.created, signature=good.signature),
        )
    clock.advance(timedelta(seconds=61))
    with pytest.raises(SignatureStale):
        await rotate(store, identity.as_caller(), good)
    assert await who(store, old) == identity.handle
    assert "identity_key_rotated" not in [fact.name for fact in await all_events(store)]


async def test_only_a_claimed_agent_rotates_and_only_its_own_key(store: Store) -> None:
    old, new = new_key(), new_key()
    ann, identity = await agent(store, old)
    said = proof(store, old, new)
    with pytest.raises(IdentityUnknown):
        await rotate(store, ann.confirmed, said)
    await let_go(store, ann.confirmed, identity)
    with pytest.raises(IdentityUnclaimed):
        await rotate(store, identity.as_caller(), said)
    again = await claimed(store, ann, old.did)
    await revoked(store, ann.confirmed, again)
    with pytest.raises(IdentityEnded):
        await rotate(store, identity.as_caller(), said)
