"""Erasing an agent: it ends, its row is empty, and neither handle nor key comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from authsome.audit.verify import verify
from authsome.erasure.erase_identity import erase_identity
from authsome.erasure.model import Destroyed, ErasedBy, Erasure, SubjectKind
from authsome.grant.model import Reason
from authsome.identity.did import encode
from authsome.identity.errors import IdentityEnded, IdentityMissing, KeyRetired
from authsome.identity.model import IdentityState, RetiredKey
from authsome.kit.caller import Caller, ConfirmationRequired, PrincipalRequired
from authsome.principal.model import Role
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from tests.contract.nouns.erased import DID, Busy, busy, everything, found
from tests.contract.nouns.people import ask_to_be_claimed, claimed, person
from tests.contract.nouns.test_release import has_nothing, let_go, revoked
from tests.support.crash import Crash, crash_before
from tests.support.log import all_events


async def erase(store: Store, caller: Caller, what: Busy) -> Erasure:
    return await store.write(caller, lambda work: erase_identity(work, identity_id=what.agent.id))


async def test_an_erased_agent_has_nothing_and_its_principal_keeps_the_connection(store: Store) -> None:
    what = await busy(store)
    before = len(await all_events(store))
    erasure = await erase(store, what.ann.confirmed, what)
    await has_nothing(store, what, Reason.IDENTITY_ENDED)
    assert len(await store.read(lambda view: view.connections.list_live(what.ann.id))) == 1
    assert [fact.name for fact in (await all_events(store))[before:]] == [
        "grant_removed",
        "run_completed",
        "auth_session_cancelled",
        "identity_revoked",
        "identity_erased",
    ]
    assert (erasure.kind, erasure.subject_id) == (SubjectKind.IDENTITY, what.agent.handle)
    assert erasure.by is ErasedBy.OWNER
    assert erasure.destroyed == Destroyed(identities=1, grants=1, runs=1, auth_sessions=1, values=1)


async def test_only_handle_and_digest_are_left_of_it(store: Store) -> None:
    what = await busy(store)
    await erase(store, what.ann.confirmed, what)
    for word in (DID, "python"):
        assert await found(store, word) == []
    rows = await everything(store)
    (left,) = [row for row in rows["identity"] if row["id"] == what.agent.id]
    assert (left["handle"], left["state"]) == (what.agent.handle, "erased")
    assert (left["label"], left["principal_id"], left["claimed_at"]) == (None, None, None)
    assert {row["address_key"] for row in rows["claim"]} == {""}
    assert (await verify(store)).is_intact


async def test_no_key_that_it_ever_had_registers_again(store: Store) -> None:
    what, other = await busy(store), encode(b"\x02" * 32)

    def rotate(work: UnitOfWork) -> None:
        work.quiet("a test's starting point")
        work.identities.update(replace(what.agent, did=other))
        before = RetiredKey(id="key_1", identity_id=what.agent.id, did=DID, created_at=work.now)
        work.retired_keys.add(before)

    await store.write(what.ann.confirmed, rotate)
    await erase(store, what.ann.confirmed, what)
    assert await found(store, other) == await found(store, DID) == []
    with pytest.raises(IdentityEnded):
        await ask_to_be_claimed(store, other)
    with pytest.raises(KeyRetired):
        await ask_to_be_claimed(store, DID)


async def test_a_revoked_agent_can_still_be_erased_and_says_so_once(store: Store) -> None:
    what = await busy(store)
    await revoked(store, what.ann.confirmed, what.agent)
    await erase(store, what.ann.confirmed, what)
    names = [fact.name for fact in await all_events(store)]
    assert (names.count("identity_revoked"), names.count("identity_erased")) == (1, 1)
    with pytest.raises(IdentityMissing):
        await erase(store, what.ann.confirmed, what)


async def test_only_whoever_claimed_it_erases_it(store: Store) -> None:
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    refused: list[tuple[Caller, type[Exception]]] = [
        (what.ann.caller, ConfirmationRequired),
        (replace(what.agent.as_caller(), confirmed=True), PrincipalRequired),
        (eve.confirmed, IdentityMissing),
    ]
    for caller, error in refused:
        with pytest.raises(error):
            await erase(store, caller, what)


async def test_who_had_it_before_cannot_erase_it_for_who_has_it_now(store: Store) -> None:
    ben, what = await person(store, "ben"), await busy(store)
    await let_go(store, what.ann.confirmed, what.agent)
    with pytest.raises(IdentityMissing):
        await erase(store, what.ann.confirmed, what)
    await claimed(store, ben, DID)
    with pytest.raises(IdentityMissing):
        await erase(store, what.ann.confirmed, what)
    await erase(store, ben.confirmed, what)


async def test_a_crash_before_any_statement_leaves_all_or_nothing(store: Store) -> None:
    what = await busy(store)
    untouched, crashes = await everything(store), 0
    for nth in range(1, 400):
        try:
            with crash_before(nth, store.database.writer.engine):
                await erase(store, what.ann.confirmed, what)
        except Crash:
            crashes += 1
            assert await everything(store) == untouched, f"before statement {nth}"
        else:
            break
    assert crashes > 20
    gone = await store.read(lambda view: view.identities.find(what.agent.id))
    assert gone is not None
    assert gone.state is IdentityState.ERASED
