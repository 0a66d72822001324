"""A new password of one's own: the old one is given, and every other session ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from authsome.kit.caller import ConfirmationRequired, PrincipalRequired, server_caller
from authsome.kit.secret import Secret
from authsome.principal.errors import PasswordWeak, SessionMissing
from authsome.principal.log_in import open_browser_session, open_terminal_session
from authsome.principal.password import Hasher
from authsome.principal.replace_password import change_password
from authsome.principal.session import principal_of_did, principal_of_token
from authsome.store.transactions import Store
from tests.contract.nouns.people import person
from tests.support.log import all_events

NEW = Secret("another horse battery")


@pytest.fixture
def hasher() -> Hasher:
    return Hasher(time_cost=1, memory_kib=64)


async def test_it_replaces_the_old_one_and_ends_every_other_session(store: Store, hasher: Hasher) -> None:
    ann, ben = await person(store), await person(store, "ben")
    here, token = await store.write(ann.caller, lambda work: open_browser_session(work, ann.principal))
    _, elsewhere = await store.write(ann.caller, lambda work: open_browser_session(work, ann.principal))
    _, bens = await store.write(ben.caller, lambda work: open_browser_session(work, ben.principal))
    await store.write(ann.confirmed, lambda work: open_terminal_session(work, did="did:key:zterminal"))
    caller = replace(ann.confirmed, session_id=here.id)
    await change_password(store, hasher, caller=caller, password=NEW)
    _, principal = await store.read(lambda view: principal_of_token(view, token))
    assert await hasher.verify(principal.password_hash, NEW)
    await store.read(lambda view: principal_of_token(view, bens))
    with pytest.raises(SessionMissing):
        await store.read(lambda view: principal_of_token(view, elsewhere))
    with pytest.raises(SessionMissing):
        await store.read(lambda view: principal_of_did(view, "did:key:zterminal"))
    names = [fact.name for fact in await all_events(store)]
    assert names[-3:] == ["principal_password_changed", "principal_logged_out", "principal_logged_out"]


async def test_it_is_a_confirmed_act_of_a_person(store: Store, hasher: Hasher) -> None:
    ann = await person(store)
    for caller, refusal in (
        (ann.caller, ConfirmationRequired),
        (replace(ann.agent_caller, confirmed=True), PrincipalRequired),
        (server_caller(store.installation_id), PrincipalRequired),
    ):
        with pytest.raises(refusal):
            await change_password(store, hasher, caller=caller, password=NEW)
    with pytest.raises(PasswordWeak):
        await change_password(store, hasher, caller=ann.confirmed, password=Secret("short"))
    assert await all_events(store) == []
