"""Releasing an agent: it has nothing any more, and may be claimed again by whoever."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import pytest

from authsome.auth_session.errors import AuthSessionGone
from authsome.auth_session.find import open_session
from authsome.auth_session.start import start
from authsome.claim.model import ClaimState
from authsome.claim.release import release
from authsome.claim.revoke import revoke
from authsome.connection.create import create_connection
from authsome.grant.decide import Denied, decide, standing_at
from authsome.grant.model import Reason
from authsome.identity.did import encode
from authsome.identity.errors import IdentityEnded, IdentityMissing, IdentityUnclaimed
from authsome.identity.model import Identity, IdentityState
from authsome.kit.caller import Caller, ConfirmationRequired, PrincipalRequired
from authsome.kit.secret import Secret
from authsome.principal.model import Role
from authsome.run.errors import RunEnded, RunTokenInvalid
from authsome.run.find import get_renewable, run_of_token
from authsome.run.model import Run, RunOutcome
from authsome.run.start import start_run
from authsome.store.transactions import Store
from authsome.store.view import View
from tests.contract.nouns.people import KEEPER, Person, ask_to_be_claimed, claimed, person
from tests.support.log import all_events

DID = encode(b"\x01" * 32)


@dataclass
class Busy:
    """Ann's agent, with a grant, a run, and an auth session that waits for her."""

    ann: Person
    agent: Identity
    run: Run
    token: Secret
    link: Secret


async def busy(store: Store) -> Busy:
    ann = await person(store)
    key = Secret("sk-live-5f2b9c0d1e")
    connection = await store.write(
        ann.caller, lambda work: create_connection(work, KEEPER, provider="openai", name="default", key=key)
    )
    agent = await claimed(store, ann, DID, connection.id)
    run, token = await store.write(agent.as_caller(), lambda work: start_run(work, program="python"))
    _, link = await store.write(agent.as_caller(), lambda work: start(work, provider="github", name="work"))
    return Busy(ann, agent, run, token, link)


async def let_go(store: Store, caller: Caller, agent: Identity) -> Identity:
    return await store.write(caller, lambda work: release(work, identity_id=agent.id))


async def revoked(store: Store, caller: Caller, agent: Identity) -> Identity:
    return await store.write(caller, lambda work: revoke(work, identity_id=agent.id))


async def has_nothing(store: Store, what: Busy, reason: Reason) -> None:
    def look(view: View) -> None:
        now = view.identities.find(what.agent.id)
        assert now is not None
        denied = decide(
            standing_at(view, now, host="api.openai.com", port=443), host="api.openai.com", port=443
        )
        assert isinstance(denied, Denied)
        assert denied.reason is reason
        assert view.grants.list_live(identity_id=now.id) == []
        ended = view.runs.find(what.run.id)
        assert ended is not None
        assert ended.outcome is RunOutcome.STOPPED
        with pytest.raises(RunTokenInvalid):
            run_of_token(view, token=what.token)
        with pytest.raises(RunEnded):
            get_renewable(view, caller=what.agent.as_caller(), run_id=what.run.id)
        with pytest.raises(AuthSessionGone):
            open_session(view, caller=what.ann.caller, token=what.link)

    await store.read(look)


async def test_a_released_agent_has_nothing_any_more_and_its_principal_keeps_the_connection(
    store: Store,
) -> None:
    what = await busy(store)
    before = len(await all_events(store))
    released = await let_go(store, what.ann.confirmed, what.agent)
    assert (released.state, released.principal_id) == (IdentityState.RELEASED, None)
    await has_nothing(store, what, Reason.IDENTITY_UNCLAIMED)
    assert len(await store.read(lambda view: view.connections.list_live(what.ann.id))) == 1
    facts = (await all_events(store))[before:]
    assert [fact.name for fact in facts] == [
        "grant_removed",
        "run_completed",
        "auth_session_cancelled",
        "identity_released",
    ]
    assert {fact.fields["principal_id"] for fact in facts} == {what.ann.id}
    assert (facts[-1].subject_id, facts[-1].fields["did"]) == (what.agent.handle, DID)


async def test_its_holder_asks_for_a_new_link_and_somebody_else_claims_it(store: Store) -> None:
    what, ben = await busy(store), await person(store, "ben")
    await let_go(store, what.ann.confirmed, what.agent)
    again = await ask_to_be_claimed(store, DID)
    assert (again.identity.handle, again.identity.state) == (what.agent.handle, IdentityState.PENDING)
    other = await claimed(store, ben, DID)
    assert (other.id, other.principal_id) == (what.agent.id, ben.id)
    assert await store.read(lambda view: view.grants.list_live(identity_id=other.id)) == []
    with pytest.raises(IdentityMissing):
        await let_go(store, what.ann.confirmed, what.agent)
    assert (await let_go(store, ben.confirmed, other)).state is IdentityState.RELEASED


async def test_the_claim_says_when_it_was_decided_and_when_released(store: Store) -> None:
    what = await busy(store)
    claim = await store.read(lambda view: view.claims.find_accepted(what.agent.id))
    assert claim is not None
    await let_go(store, what.ann.confirmed, what.agent)
    now = await store.read(lambda view: view.claims.find(claim.id))
    assert now is not None
    fact = (await all_events(store))[-1]
    assert (now.state, now.ended_at) == (ClaimState.RELEASED, claim.ended_at)
    assert now.released_at == fact.occurred_at


@pytest.mark.parametrize("act", [let_go, revoked])
async def test_only_its_principal_and_admins_decide_and_they_confirm(store: Store, act: object) -> None:
    assert callable(act)
    what, ben = await busy(store), await person(store, "ben")
    with pytest.raises(ConfirmationRequired):
        await act(store, what.ann.caller, what.agent)
    with pytest.raises(PrincipalRequired):
        await act(store, replace(what.agent.as_caller(), confirmed=True), what.agent)
    with pytest.raises(IdentityMissing):
        await act(store, ben.confirmed, what.agent)
    with pytest.raises(IdentityMissing):
        await act(store, ben.confirmed, replace(what.agent, id="idn_none"))
    eve = await person(store, "eve", role=Role.ADMIN)
    await act(store, eve.confirmed, what.agent)
    fact = (await all_events(store))[-1]
    assert (fact.fields["principal_id"], fact.actor_id) == (what.ann.id, eve.id)


async def test_what_is_not_claimed_is_not_released(store: Store) -> None:
    eve = await person(store, "eve", role=Role.ADMIN)
    made = await ask_to_be_claimed(store, DID)
    with pytest.raises(IdentityUnclaimed):
        await let_go(store, eve.confirmed, made.identity)
    await revoked(store, eve.confirmed, made.identity)
    with pytest.raises(IdentityEnded):
        await let_go(store, eve.confirmed, made.identity)


async def test_of_a_release_and_a_revocation_at_once_nothing_is_left_over(store: Store) -> None:
    what = await busy(store)
    await asyncio.gather(
        let_go(store, what.ann.confirmed, what.agent),
        revoked(store, what.ann.confirmed, what.agent),
        return_exceptions=True,
    )
    names = [fact.name for fact in await all_events(store)]
    assert names.count("identity_released") + names.count("identity_revoked") == 1
    assert names.count("grant_removed") == names.count("run_completed") == 1
