"""Revoking an agent: final, also for its key."""

from __future__ import annotations

import pytest

from authsome.claim.errors import ClaimGone
from authsome.claim.open import open_claim
from authsome.grant.model import Reason
from authsome.identity.errors import IdentityEnded
from authsome.identity.model import IdentityState
from authsome.principal.model import Role
from authsome.store.transactions import Store
from tests.contract.nouns.people import ask_to_be_claimed, person
from tests.contract.nouns.test_release import DID, busy, has_nothing, let_go, revoked
from tests.support.log import all_events


async def test_a_revoked_agent_has_nothing_and_its_key_never_registers_again(store: Store) -> None:
    what = await busy(store)
    gone = await revoked(store, what.ann.confirmed, what.agent)
    assert (gone.state, gone.principal_id) == (IdentityState.REVOKED, what.ann.id)
    await has_nothing(store, what, Reason.IDENTITY_ENDED)
    with pytest.raises(IdentityEnded):
        await ask_to_be_claimed(store, DID)
    fact = (await all_events(store))[-1]
    assert (fact.name, fact.occurred_at) == ("identity_revoked", gone.ended_at)


async def test_revoking_again_changes_nothing(store: Store) -> None:
    what = await busy(store)
    gone = await revoked(store, what.ann.confirmed, what.agent)
    assert await revoked(store, what.ann.confirmed, what.agent) == gone
    assert [fact.name for fact in await all_events(store)].count("identity_revoked") == 1


async def test_an_admin_turns_away_one_that_nobody_has_claimed(store: Store) -> None:
    eve = await person(store, "eve", role=Role.ADMIN)
    made = await ask_to_be_claimed(store, DID)
    await revoked(store, eve.confirmed, made.identity)
    with pytest.raises(ClaimGone):
        await store.write(eve.caller, lambda work: open_claim(work, token=made.token))
    facts = (await all_events(store))[-2:]
    assert [fact.name for fact in facts] == ["identity_claim_expired", "identity_revoked"]
    assert "principal_id" not in facts[-1].fields


async def test_a_released_one_can_still_be_revoked(store: Store) -> None:
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    await let_go(store, what.ann.confirmed, what.agent)
    await revoked(store, eve.confirmed, what.agent)
    with pytest.raises(IdentityEnded):
        await ask_to_be_claimed(store, DID)
