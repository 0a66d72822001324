"""The password given again, on every database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from authsome.kit.caller import Caller, PrincipalRequired, server_caller
from authsome.kit.secret import Secret
from authsome.principal.change_role import disable
from authsome.principal.confirm import confirm
from authsome.principal.errors import LoginRefused, SessionMissing, TooManyAttempts
from authsome.principal.invite import invite, offer_set_up
from authsome.principal.log_in import PER_PRINCIPAL, log_in
from authsome.principal.model import Principal, Role
from authsome.principal.password import Hasher
from authsome.principal.register import admit
from authsome.runtime.limits import CountedLimits
from authsome.store.transactions import Store
from tests.support.log import all_events

RIGHT, WRONG = Secret("correct horse battery"), Secret("wrong horse battery")
EMAIL = "ann@example.org"


@pytest.fixture
def hasher() -> Hasher:
    return Hasher(time_cost=1, memory_kib=64)


@pytest.fixture
async def ann(store: Store, hasher: Hasher) -> Principal:
    hashed = await hasher.hash(RIGHT)
    server = server_caller(store.installation_id)
    link = await store.write(server, offer_set_up)
    assert link is not None
    return await store.write(server, lambda work: admit(work, link=link, email=EMAIL, hashed=hashed))


async def again(store: Store, hasher: Hasher, caller: Caller, password: Secret) -> Caller:
    server = server_caller(store.installation_id)
    limits = CountedLimits(store)
    return await confirm(
        store, hasher, limits, caller=caller, password=password, address="192.0.2.7", server=server
    )


async def test_the_right_password_confirms_the_same_caller(
    store: Store, hasher: Hasher, ann: Principal
) -> None:
    caller = ann.as_caller(session_id="ses_1")
    assert await again(store, hasher, caller, RIGHT) == replace(caller, confirmed=True)


async def test_a_wrong_password_confirms_nothing_and_is_a_fact(
    store: Store, hasher: Hasher, ann: Principal
) -> None:
    with pytest.raises(LoginRefused, match="password"):
        await again(store, hasher, ann.as_caller(), WRONG)
    failed = [event for event in await all_events(store) if event.name == "principal_login_failed"]
    assert [event.subject_id for event in failed] == [ann.id]


async def test_the_server_and_agents_confirm_nothing(store: Store, hasher: Hasher, ann: Principal) -> None:
    with pytest.raises(PrincipalRequired):
        await again(store, hasher, server_caller(store.installation_id), RIGHT)


async def test_guesses_count_together_with_those_at_the_log_in(
    store: Store, hasher: Hasher, ann: Principal
) -> None:
    for _ in range(PER_PRINCIPAL):
        with pytest.raises(LoginRefused):
            await again(store, hasher, ann.as_caller(), WRONG)
    with pytest.raises(TooManyAttempts):
        await again(store, hasher, ann.as_caller(), RIGHT)
    server, limits = server_caller(store.installation_id), CountedLimits(store)
    with pytest.raises(TooManyAttempts):
        await log_in(store, hasher, limits, email=EMAIL, password=RIGHT, address="192.0.2.8", server=server)


async def test_confirming_often_is_not_guessing(store: Store, hasher: Hasher, ann: Principal) -> None:
    for _ in range(PER_PRINCIPAL + 2):
        await again(store, hasher, ann.as_caller(), RIGHT)


async def test_a_right_password_does_not_forget_earlier_guesses(
    store: Store, hasher: Hasher, ann: Principal
) -> None:
    for _ in range(PER_PRINCIPAL - 1):
        with pytest.raises(LoginRefused):
            await again(store, hasher, ann.as_caller(), WRONG)
    await again(store, hasher, ann.as_caller(), RIGHT)
    with pytest.raises(LoginRefused):
        await again(store, hasher, ann.as_caller(), WRONG)
    with pytest.raises(TooManyAttempts):
        await again(store, hasher, ann.as_caller(), RIGHT)


async def test_a_disabled_principal_confirms_nothing(store: Store, hasher: Hasher, ann: Principal) -> None:
    _, link = await store.write(
        replace(ann.as_caller(), confirmed=True), lambda work: invite(work, role=Role.ADMIN)
    )
    server = server_caller(store.installation_id)
    ben = await store.write(server, lambda work: admit(work, link=link, email="ben@example.org", hashed=None))
    by_ben = replace(ben.as_caller(), confirmed=True)
    await store.write(by_ben, lambda work: disable(work, principal_id=ann.id))
    with pytest.raises(SessionMissing):
        await again(store, hasher, ann.as_caller(), RIGHT)
