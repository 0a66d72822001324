"""Erasing a person or an agent on its page: what it shows, who may, and what is left."""

from __future__ import annotations

import pytest

from authsome.identity.model import IdentityState
from authsome.principal.model import PrincipalState, Role
from tests.e2e.pages.test_agents import claimed
from tests.e2e.pages.test_claim import connected
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, Agent, PagesServer

CONFIRM = {"password": PASSWORD}


async def test_an_admin_sees_what_ends_and_then_the_receipt(
    server: PagesServer, visitor: Visitor, another: Visitor, agent: Agent
) -> None:
    ben = await server.member(await server.admin(), "ben@example.org")
    handle = await claimed(server, agent, ben, await connected(server, ben))
    await another.sign_in("ben@example.org")
    await visitor.sign_in()
    await visitor.open(f"/principals/{ben.id}/erase")
    for shown in ("ben@example.org", handle, "openai/work"):
        assert shown in visitor.text
    await visitor.send(CONFIRM, form="erase")
    assert visitor.page.status_code == 200
    assert "ers_" in visitor.text
    assert "nothing was ever sent there" in visitor.text
    assert (await another.open("/")).status_code == 303  # the log-in
    assert (await agent.ask("GET", "/api/connections")).json()["code"] == "identity_ended"
    for path in ("/principals", "/agents"):
        page = (await visitor.open(path)).text
        assert "ben@example.org" not in page
        assert handle not in page
    assert "ers_" in (await visitor.open("/principals/erasures")).text
    assert (await visitor.open(f"/principals/{ben.id}/erase")).status_code == 404
    assert (await visitor.open(f"/agents/{handle}")).status_code == 404


async def test_a_person_erases_themselves_and_is_a_stranger_then(
    server: PagesServer, visitor: Visitor
) -> None:
    ben = await server.member(await server.admin(), "ben@example.org")
    await visitor.sign_in("ben@example.org")
    assert "/erase" in (await visitor.open("/password")).text
    await visitor.open("/erase")
    await visitor.follow()
    await visitor.send(CONFIRM, form="erase")
    assert "Receipt" in visitor.text
    assert "ben@example.org" not in visitor.text.partition("Receipt")[2]
    assert (await visitor.open("/")).status_code == 303
    found = await server.runtime.store.read(lambda view: view.principals.find(ben.id))
    assert found is not None
    assert found.state is PrincipalState.ERASED


async def test_the_only_admin_is_told_to_make_another_first(server: PagesServer, visitor: Visitor) -> None:
    ann = await server.admin()
    await visitor.sign_in()
    await visitor.open(f"/principals/{ann.id}/erase")
    await visitor.send(CONFIRM, form="erase")
    assert visitor.page.status_code == 403
    assert "Make somebody else an admin first" in visitor.text


@pytest.mark.parametrize("password", ["", "wrong horse battery"])
async def test_without_the_password_nobody_is_erased(
    server: PagesServer, visitor: Visitor, password: str
) -> None:
    ben = await server.member(await server.admin(), "ben@example.org")
    await visitor.sign_in()
    await visitor.open(f"/principals/{ben.id}/erase")
    await visitor.send({"password": password}, form="erase")
    assert visitor.page.status_code == 401
    found = await server.runtime.store.read(lambda view: view.principals.find(ben.id))
    assert found == ben


async def test_nobody_is_erased_by_somebody_who_may_not(
    server: PagesServer, visitor: Visitor, another: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    ben = await server.member(ann, "ben@example.org")
    handle = await claimed(server, agent, ben)
    await another.sign_in("ben@example.org")
    assert (await another.open(f"/principals/{ann.id}/erase")).status_code == 404
    assert (await another.open("/principals/erasures")).status_code == 403
    await visitor.sign_in()
    assert (await visitor.open(f"/agents/{handle}/erase")).status_code == 404  # an admin revokes, and no more
    assert f"/agents/{handle}/erase" not in (await visitor.open(f"/agents/{handle}")).text
    signed = await agent.ask("POST", f"/principals/{ben.id}/erase", b"")
    assert signed.status_code in (401, 403)
    assert ann.role is Role.ADMIN


async def test_an_agent_is_erased_by_its_principal(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    handle = await claimed(server, agent, await server.admin())
    await visitor.sign_in()
    assert f"/agents/{handle}/erase" in (await visitor.open(f"/agents/{handle}")).text
    await visitor.open(f"/agents/{handle}/erase")
    await visitor.send(CONFIRM, form="erase")
    assert "Receipt" in visitor.text
    assert (await agent.ask("POST", "/api/identities", b"{}")).json()["code"] == "identity_ended"
    found = await server.runtime.store.read(lambda view: view.identities.find_by_handle(handle))
    assert found is not None
    assert found.state is IdentityState.ERASED
