"""Links, passwords and sessions, on every database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from authsome.kit.caller import AdminRequired, Caller, ConfirmationRequired, server_caller
from authsome.kit.errors import InputInvalid
from authsome.kit.secret import Secret
from authsome.principal.change_role import change_role, disable
from authsome.principal.errors import (
    EmailTaken,
    LastAdmin,
    LinkInvalid,
    LoginRefused,
    PasswordWeak,
    SessionMissing,
    TooManyAttempts,
)
from authsome.principal.invite import invite, offer_reset, offer_set_up
from authsome.principal.log_in import log_in
from authsome.principal.log_out import log_out
from authsome.principal.model import LINK_LIFE, SESSION_LIFE, LinkKind, Principal, Role
from authsome.principal.password import Hasher
from authsome.principal.register import register
from authsome.principal.replace_password import reset_password
from authsome.principal.session import principal_of_token
from authsome.runtime.limits import CountedLimits
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.support.log import all_events

PASSWORD = Secret("correct horse battery")


@pytest.fixture
def hasher() -> Hasher:
    return Hasher(time_cost=1, memory_kib=64)


def server(store: Store) -> Caller:
    return server_caller(store.installation_id)


def confirmed(principal: Principal) -> Caller:
    return replace(principal.as_caller(), confirmed=True)


async def first_admin(store: Store, hasher: Hasher) -> Principal:
    link = await store.write(server(store), offer_set_up)
    assert link is not None
    return await register(store, hasher, server(store), link=link, email="ann@example.org", password=PASSWORD)


async def member(store: Store, hasher: Hasher, admin: Principal, email: str) -> Principal:
    _, link = await store.write(admin.as_caller(), invite)
    return await register(store, hasher, server(store), link=link, email=email, password=PASSWORD)


async def enter(store: Store, hasher: Hasher, email: str, password: Secret = PASSWORD) -> Secret:
    limits = CountedLimits(store)
    _, token = await log_in(
        store, hasher, limits, email=email, password=password, address="192.0.2.7", server=server(store)
    )
    return token


async def test_a_set_up_link_makes_one_admin_and_then_nothing(store: Store, hasher: Hasher) -> None:
    link = await store.write(server(store), offer_set_up)
    assert link is not None
    made = await register(store, hasher, server(store), link=link, email="A@Example.org", password=PASSWORD)
    assert (made.role, made.email) == (Role.ADMIN, "a@example.org")
    with pytest.raises(LinkInvalid):
        await register(store, hasher, server(store), link=link, email="b@example.org", password=PASSWORD)
    assert await store.write(server(store), offer_set_up) is None


async def test_only_the_newest_set_up_link_works(store: Store, hasher: Hasher) -> None:
    old = await store.write(server(store), offer_set_up)
    await store.write(server(store), offer_set_up)
    assert old is not None
    with pytest.raises(LinkInvalid):
        await register(store, hasher, server(store), link=old, email="a@example.org", password=PASSWORD)


async def test_an_invitation_works_once_and_not_after_a_week(
    store: Store, hasher: Hasher, clock: SimulatedClock
) -> None:
    admin = await first_admin(store, hasher)
    _, link = await store.write(admin.as_caller(), invite)
    clock.advance(LINK_LIFE[LinkKind.INVITATION])
    with pytest.raises(LinkInvalid):
        await register(store, hasher, server(store), link=link, email="b@example.org", password=PASSWORD)


async def test_a_member_cannot_invite(store: Store, hasher: Hasher) -> None:
    admin = await first_admin(store, hasher)
    ben = await member(store, hasher, admin, "ben@example.org")
    with pytest.raises(AdminRequired):
        await store.write(ben.as_caller(), invite)


async def test_an_email_belongs_to_one_principal_also_when_two_register_at_once(
    store: Store, hasher: Hasher
) -> None:
    admin = await first_admin(store, hasher)
    links = [(await store.write(admin.as_caller(), invite))[1] for _ in range(4)]
    results = await asyncio.gather(
        *(
            register(store, hasher, server(store), link=link, email="ben@example.org", password=PASSWORD)
            for link in links
        ),
        return_exceptions=True,
    )
    assert sorted(type(r).__name__ for r in results) == ["EmailTaken"] * 3 + ["Principal"]
    assert EmailTaken.code == "email_taken"


@pytest.mark.parametrize("email", ["", "a", "a@", "@b", "a b@c.d", "a@b\0c", "a" * 300 + "@b.c"])
async def test_a_malformed_email_changes_nothing(store: Store, hasher: Hasher, email: str) -> None:
    link = await store.write(server(store), offer_set_up)
    assert link is not None
    with pytest.raises(InputInvalid):
        await register(store, hasher, server(store), link=link, email=email, password=PASSWORD)
    assert await store.read(lambda view: view.principals.list()) == []


@pytest.mark.parametrize("password", ["", "short", "x" * 513])
async def test_a_weak_password_does_not_use_up_the_link(store: Store, hasher: Hasher, password: str) -> None:
    link = await store.write(server(store), offer_set_up)
    assert link is not None
    with pytest.raises(PasswordWeak):
        await register(
            store, hasher, server(store), link=link, email="a@example.org", password=Secret(password)
        )
    await register(store, hasher, server(store), link=link, email="a@example.org", password=PASSWORD)


async def test_a_session_ends_with_log_out_everywhere(store: Store, hasher: Hasher) -> None:
    await first_admin(store, hasher)
    token = await enter(store, hasher, "ann@example.org")
    session, principal = await store.read(lambda view: principal_of_token(view, token))
    await store.write(principal.as_caller(session_id=session.id), log_out)
    with pytest.raises(SessionMissing):
        await store.read(lambda view: principal_of_token(view, token))


async def test_a_session_ends_by_itself(store: Store, hasher: Hasher, clock: SimulatedClock) -> None:
    await first_admin(store, hasher)
    token = await enter(store, hasher, "ann@example.org")
    clock.advance(SESSION_LIFE)
    with pytest.raises(SessionMissing):
        await store.read(lambda view: principal_of_token(view, token))


async def test_a_wrong_password_and_an_unknown_email_look_the_same(store: Store, hasher: Hasher) -> None:
    await first_admin(store, hasher)
    with pytest.raises(LoginRefused) as wrong:
        await enter(store, hasher, "ann@example.org", Secret("wrong horse battery"))
    with pytest.raises(LoginRefused) as unknown:
        await enter(store, hasher, "nobody@example.org")
    assert str(wrong.value) == str(unknown.value)
    failed = [e for e in await all_events(store) if e.name == "principal_login_failed"]
    assert len(failed) == 1  # the unknown address is no subject


async def test_guessing_is_stopped_before_a_hash_is_computed(store: Store, hasher: Hasher) -> None:
    await first_admin(store, hasher)
    for _ in range(10):
        with pytest.raises(LoginRefused):
            await enter(store, hasher, "ann@example.org", Secret("wrong horse battery"))
    with pytest.raises(TooManyAttempts):
        await enter(store, hasher, "ann@example.org")


async def test_a_reset_sets_the_password_and_ends_all_sessions(store: Store, hasher: Hasher) -> None:
    admin = await first_admin(store, hasher)
    token = await enter(store, hasher, "ann@example.org")
    link = await store.write(confirmed(admin), lambda work: offer_reset(work, principal_id=admin.id))
    new = Secret("another horse battery")
    await reset_password(store, hasher, server(store), link=link, password=new)
    with pytest.raises(SessionMissing):
        await store.read(lambda view: principal_of_token(view, token))
    with pytest.raises(LoginRefused):
        await enter(store, hasher, "ann@example.org")
    await enter(store, hasher, "ann@example.org", new)
    with pytest.raises(LinkInvalid):
        await reset_password(store, hasher, server(store), link=link, password=new)


async def test_the_last_admin_stays_an_admin(store: Store, hasher: Hasher) -> None:
    admin = await first_admin(store, hasher)
    with pytest.raises(ConfirmationRequired):
        await store.write(admin.as_caller(), lambda work: disable(work, principal_id=admin.id))
    with pytest.raises(LastAdmin):
        await store.write(confirmed(admin), lambda work: disable(work, principal_id=admin.id))
    with pytest.raises(LastAdmin):
        await store.write(
            confirmed(admin), lambda work: change_role(work, principal_id=admin.id, role=Role.MEMBER)
        )


async def test_two_admins_cannot_demote_each_other_at_once(store: Store, hasher: Hasher) -> None:
    ann = await first_admin(store, hasher)
    ben = await member(store, hasher, ann, "ben@example.org")
    await store.write(confirmed(ann), lambda work: change_role(work, principal_id=ben.id, role=Role.ADMIN))
    ben = replace(ben, role=Role.ADMIN)

    def demote(target: Principal) -> object:
        by = ben if target is ann else ann
        return store.write(
            confirmed(by), lambda work: change_role(work, principal_id=target.id, role=Role.MEMBER)
        )

    results = await asyncio.gather(demote(ann), demote(ben), return_exceptions=True)  # type: ignore[call-overload]
    assert sum(isinstance(r, LastAdmin) for r in results) == 1
    assert await store.read(lambda view: view.principals.count_active_admins()) == 1


async def test_a_disabled_principal_is_out_at_once(
    store: Store, hasher: Hasher, clock: SimulatedClock
) -> None:
    admin = await first_admin(store, hasher)
    ben = await member(store, hasher, admin, "ben@example.org")
    token = await enter(store, hasher, "ben@example.org")
    await store.write(confirmed(admin), lambda work: disable(work, principal_id=ben.id))
    with pytest.raises(SessionMissing):
        await store.read(lambda view: principal_of_token(view, token))
    clock.advance(timedelta(hours=1))
    with pytest.raises(LoginRefused):
        await enter(store, hasher, "ben@example.org")


async def test_links_that_give_power_are_confirmed_acts(store: Store, hasher: Hasher) -> None:
    """An agent that can read an admin's terminal key must not become an admin with it."""
    admin = await first_admin(store, hasher)
    with pytest.raises(ConfirmationRequired):
        await store.write(admin.as_caller(), lambda work: offer_reset(work, principal_id=admin.id))
    with pytest.raises(ConfirmationRequired):
        await store.write(admin.as_caller(), lambda work: invite(work, role=Role.ADMIN))
    await store.write(admin.as_caller(), invite)
