"""Cross-linking: an agent's person says whose it is and by which key, from claim to release and beyond."""

from __future__ import annotations

from authsome.client.keys import new_key
from authsome.store.transactions import Store
from authsome.testing.posthog import PostHogSimulator
from tests.contract.nouns.people import Person, claimed, person
from tests.contract.nouns.test_release import let_go
from tests.contract.nouns.test_rotate_key import proof, rotate
from tests.contract.posthog.relaying import head_of, relaying, sink_to, until_position
from tests.support.log import position_all

Properties = dict[str, object]


async def delivered(store: Store, posthog: PostHogSimulator, handle: str) -> Properties:
    """What PostHog says of the agent once everything has arrived."""
    await position_all(store)
    async with relaying(store, sink_to(store, posthog)):
        await until_position(store, await head_of(store))
    return dict(posthog.persons[handle].properties)


def agent(did: str, owner: Person | None) -> Properties:
    whose: Properties = {"principal_id": owner.id} if owner else {}
    return {"kind": "agent", "did": did} | whose


async def test_the_person_follows_claim_rotation_release_and_the_next_claim(
    consented: Store, posthog: PostHogSimulator
) -> None:
    ann, ben = await person(consented), await person(consented, "ben")
    old, new = new_key(), new_key()
    identity = await claimed(consented, ann, old.did)
    assert await delivered(consented, posthog, identity.handle) == agent(old.did, ann)
    await rotate(consented, identity.as_caller(), proof(consented, old, new))
    assert await delivered(consented, posthog, identity.handle) == agent(new.did, ann)
    await let_go(consented, ann.confirmed, identity)
    assert await delivered(consented, posthog, identity.handle) == agent(new.did, None)
    await claimed(consented, ben, new.did)
    assert await delivered(consented, posthog, identity.handle) == agent(new.did, ben)
    assert {event.distinct_id for event in posthog.events if "identity" in event.name} == {identity.handle}


async def test_what_arrives_late_says_how_it_is_now(consented: Store, posthog: PostHogSimulator) -> None:
    ann, old, new = await person(consented), new_key(), new_key()
    identity = await claimed(consented, ann, old.did)
    await rotate(consented, identity.as_caller(), proof(consented, old, new))
    await let_go(consented, ann.confirmed, identity)
    assert await delivered(consented, posthog, identity.handle) == agent(new.did, None)
    [released] = [event for event in posthog.events if event.name == "identity_released"]
    assert released.properties["principal_id"] == ann.id
    [rotated] = [event for event in posthog.events if event.name == "identity_key_rotated"]
    assert (rotated.properties["did"], rotated.properties["previous_did"]) == (new.did, old.did)
