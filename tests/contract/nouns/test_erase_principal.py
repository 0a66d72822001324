"""Erasing a person: all that they held ends, their rows are empty, and the record still holds."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from authsome.audit.verify import verify
from authsome.erasure.holdings import holdings_of_principal
from authsome.erasure.model import Destroyed, ErasedBy, SubjectKind
from authsome.grant.model import Reason
from authsome.identity.errors import IdentityEnded
from authsome.identity.model import IdentityState
from authsome.kit.caller import AdminRequired, Caller, ConfirmationRequired, PrincipalRequired
from authsome.kit.secret import Secret
from authsome.principal.errors import LastAdmin, LinkInvalid, PrincipalMissing, SessionMissing
from authsome.principal.invite import invite, offer_reset
from authsome.principal.log_in import open_terminal_session
from authsome.principal.model import PrincipalState, Role
from authsome.principal.register import admit
from authsome.principal.replace_password import _reset
from authsome.store.forget import forget_some
from authsome.store.transactions import Store
from authsome.store.view import View
from authsome.testing.clock import SimulatedClock
from tests.contract.nouns.erased import DID, WORDS, busy, erase, everything, found, many_runs
from tests.contract.nouns.people import ask_to_be_claimed, person
from tests.contract.nouns.test_release import has_nothing, let_go
from tests.support.crash import Crash, crash_before
from tests.support.databases import store_at
from tests.support.log import all_events, position_all


async def test_nothing_of_an_erased_person_is_left_but_their_ids(store: Store) -> None:
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    assert await found(store, "ann@example.org") == ["principal"]
    await erase(store, eve.confirmed, what.ann.id)
    for word in WORDS:
        assert await found(store, word) == []
    rows = await everything(store)
    assert [row["sealed"] for row in rows["connection"]] == [None]
    assert [row["wrapped_key"] for row in rows["vault"]] == [b""]
    (left,) = [row for row in rows["principal"] if row["id"] == what.ann.id]
    kept = {"id", "email", "role", "state", "created_at", "ended_at"}
    assert {name for name, value in left.items() if value is not None} == kept
    assert "@" not in left["email"]


async def test_all_that_they_held_ends_with_its_own_event_and_the_erasure_is_the_last(store: Store) -> None:
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    await store.write(what.ann.confirmed, partial(open_terminal_session, did="did:key:terminal"))
    before = len(await all_events(store))
    erasure = await erase(store, eve.confirmed, what.ann.id)
    await has_nothing(store, what, Reason.IDENTITY_ENDED)
    facts = (await all_events(store))[before:]
    ends = "grant_removed run_completed auth_session_cancelled identity_revoked identity_erased".split()
    ends += ["identity_revoked", "identity_erased"]  # that other agent of theirs had nothing
    names = [fact.name for fact in facts]
    assert sorted(names[:7]) == sorted(ends)
    assert names[7:] == ["connection_revoked", "principal_logged_out", "principal_erased"]
    assert facts[-1].subject_kind == "server"
    assert facts[-1].fields["by"] == "admin"
    assert (erasure.kind, erasure.subject_id, erasure.by) == (
        SubjectKind.PRINCIPAL,
        what.ann.id,
        ErasedBy.ADMIN,
    )
    assert erasure.destroyed == Destroyed(
        identities=2, connections=1, grants=1, sessions=1, runs=1, auth_sessions=1, values=2
    )


async def test_the_chain_holds_and_says_how_many_values_are_erased(store: Store) -> None:
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    await position_all(store)
    before = await verify(store)
    await erase(store, eve.confirmed, what.ann.id)
    await position_all(store)
    after = await verify(store)
    assert (before.erased, after.erased, after.is_intact) == (0, 2, True)


async def test_what_an_agent_did_for_them_before_it_was_released_is_forgotten_too(store: Store) -> None:
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    await let_go(store, what.ann.confirmed, what.agent)
    assert await found(store, "python") == ["event_local"]
    await erase(store, eve.confirmed, what.ann.id)
    assert await found(store, "python") == []
    freed = await store.read(lambda view: view.identities.find(what.agent.id))
    assert freed is not None
    assert (freed.state, freed.did) == (IdentityState.RELEASED, DID)  # it is nobody's, and not hers to erase


async def test_an_erased_key_never_registers_again_and_an_erased_address_is_somebody_new(
    store: Store,
) -> None:
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    await erase(store, eve.confirmed, what.ann.id)
    with pytest.raises(IdentityEnded):
        await ask_to_be_claimed(store, DID)
    _, link = await store.write(eve.caller, invite)
    again = await store.write(
        eve.caller, lambda work: admit(work, link=link, email="ann@example.org", hashed="x")
    )
    assert again.id != what.ann.id


async def test_a_reset_link_opens_no_tombstone(store: Store) -> None:
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    link = await store.write(eve.confirmed, partial(offer_reset, principal_id=what.ann.id))
    await erase(store, eve.confirmed, what.ann.id)
    with pytest.raises(LinkInvalid):
        await store.write(eve.caller, lambda work: _reset(work, Secret(link.reveal()), "hashed"))
    with pytest.raises(PrincipalMissing):
        await store.write(eve.confirmed, partial(offer_reset, principal_id=what.ann.id))


async def test_who_may_erase_whom(store: Store) -> None:
    eve, what, ben = await person(store, "eve", role=Role.ADMIN), await busy(store), await person(store, "b")
    refused: list[tuple[Caller, type[Exception]]] = [
        (what.ann.caller, ConfirmationRequired),
        (eve.caller, ConfirmationRequired),
        (ben.confirmed, AdminRequired),
        (replace(ben.confirmed, is_admin=True), AdminRequired),  # an admin until a moment ago
        (what.agent.as_caller(), PrincipalRequired),
        (replace(what.agent.as_caller(), confirmed=True), PrincipalRequired),
    ]
    for caller, error in refused:
        with pytest.raises(error):
            await erase(store, caller, what.ann.id)
    erasure = await erase(store, what.ann.confirmed, what.ann.id)
    assert erasure.by is ErasedBy.OWNER


async def test_the_only_admin_stays(store: Store) -> None:
    eve = await person(store, "eve", role=Role.ADMIN)
    with pytest.raises(LastAdmin):
        await erase(store, eve.confirmed, eve.id)


async def test_erasing_twice_happens_once(store: Store) -> None:
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    acts = [erase(store, caller, what.ann.id) for caller in (eve.confirmed, what.ann.confirmed)]
    done = await asyncio.gather(*acts, return_exceptions=True)
    refusals = [one for one in done if isinstance(one, Exception)]
    assert len(refusals) == 1
    assert isinstance(refusals[0], PrincipalMissing | SessionMissing)
    assert [fact.name for fact in await all_events(store)].count("principal_erased") == 1


async def test_two_admins_who_erase_each_other_at_once_leave_one(
    store: Store, database_url: str, clock: SimulatedClock
) -> None:
    other = await store_at(database_url, clock)
    eve, ben = [await person(store, name, role=Role.ADMIN) for name in ("eve", "ben")]
    acts = [erase(store, eve.confirmed, ben.id), erase(other, ben.confirmed, eve.id)]
    done = await asyncio.gather(*acts, return_exceptions=True)
    other.close()
    refusals = [one for one in done if isinstance(one, Exception)]
    assert len(refusals) == 1
    assert isinstance(refusals[0], LastAdmin | SessionMissing)
    assert await store.read(lambda view: view.principals.count_active_admins()) == 1


async def test_a_crash_before_any_statement_leaves_all_or_nothing(store: Store) -> None:
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    untouched = await everything(store)
    crashes = 0
    for nth in range(1, 400):
        try:
            with crash_before(nth, store.database.writer.engine):
                await erase(store, eve.confirmed, what.ann.id)
        except Crash:
            crashes += 1
            assert await everything(store) == untouched, f"before statement {nth}"
        else:
            break
    assert crashes > 40
    gone = await store.read(lambda view: view.principals.find(what.ann.id))
    assert gone is not None
    assert gone.state is PrincipalState.ERASED


async def test_thousands_of_facts_are_forgotten_in_bounded_parts(store: Store) -> None:
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    await many_runs(store, what, 4_500)
    erasure = await erase(store, eve.confirmed, what.ann.id)
    assert 1_000 < erasure.destroyed.values <= 2_000
    rounds = 0
    while (await store.keep_log(forget_some))[1]:
        rounds += 1
    assert 1 <= rounds < 10
    assert (await everything(store))["event_local"] == []
    assert (await verify(store)).is_intact


async def test_an_erased_person_is_listed_nowhere_and_their_erasure_is(store: Store) -> None:
    eve, what = await person(store, "eve", role=Role.ADMIN), await busy(store)
    erasure = await erase(store, eve.confirmed, what.ann.id)

    def look(view: View) -> None:
        assert [one.id for one in view.principals.list()] == [eve.id]
        assert [one.id for one in view.identities.list()] == [eve.agent.id]
        assert holdings_of_principal(view, what.ann.id).identities == ()
        assert view.erasures.list() == [erasure]
        subjects = {one.id for one in view.erasures.subjects_of(erasure.id)}
        assert subjects == {what.ann.id, what.agent.handle, what.ann.agent.handle}
        assert view.erasures.among([*subjects, eve.id]) == subjects

    await store.read(look)
