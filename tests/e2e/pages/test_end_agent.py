"""Releasing and revoking an agent on its page."""

from __future__ import annotations

import pytest

from authsome.identity.model import IdentityState
from tests.e2e.pages.test_agents import SAVE, claimed, granted_now
from tests.e2e.pages.test_claim import connected, link
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, Agent, PagesServer

ACTS = ["release", "revoke"]


async def state(server: PagesServer, handle: str) -> IdentityState:
    found = await server.runtime.store.read(lambda view: view.identities.find_by_handle(handle))
    assert found is not None
    return found.state


async def test_a_released_agent_asks_again_and_somebody_else_claims_it(
    server: PagesServer, visitor: Visitor, another: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    await server.member(ann, "ben@example.org")
    handle = await claimed(server, agent, ann, await connected(server, ann))
    await visitor.sign_in()
    await visitor.open(f"/agents/{handle}")
    await visitor.send(SAVE, form="release")
    await visitor.follow()
    assert "The agent is released" in visitor.text
    assert await granted_now(server) == []
    assert (await agent.ask("GET", "/api/connections")).json()["code"] == "identity_unclaimed"
    told = await agent.register()
    assert told["handle"] == handle
    await another.sign_in("ben@example.org")
    await another.open(link(told))
    await another.send({"code": told["code"]})
    await another.send({"password": PASSWORD, "decision": "claim"})
    assert await state(server, handle) is IdentityState.CLAIMED
    assert (await another.open(f"/agents/{handle}")).status_code == 200


async def test_a_revoked_agent_stays_on_the_page_and_its_key_out(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    handle = await claimed(server, agent, ann)
    await visitor.sign_in()
    await visitor.open(f"/agents/{handle}")
    await visitor.send(SAVE, form="revoke")
    await visitor.follow()
    assert "The agent is revoked" in visitor.text
    assert [tag.attributes["action"] for tag in visitor.document.named("form")] == ["/log-out"]
    assert (await agent.ask("GET", "/api/connections")).json()["code"] == "identity_ended"
    assert (await agent.ask("POST", "/api/identities", b"{}")).json()["code"] == "identity_ended"


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("password", ["", "wrong horse battery"])
async def test_without_the_password_nothing_happens(
    server: PagesServer, visitor: Visitor, agent: Agent, act: str, password: str
) -> None:
    handle = await claimed(server, agent, await server.admin())
    await visitor.sign_in()
    await visitor.open(f"/agents/{handle}")
    await visitor.send({"password": password}, form=act)
    assert visitor.page.status_code == 401
    html = visitor.page.text
    assert 'class="problems"' in html[html.index(f'id="{act}"') :].partition("</form>")[0]
    assert await state(server, handle) is IdentityState.CLAIMED


@pytest.mark.parametrize("act", ACTS)
async def test_an_agent_is_ended_by_its_principal_and_admins_alone(
    server: PagesServer, visitor: Visitor, another: Visitor, agent: Agent, act: str
) -> None:
    ann = await server.admin()
    ben = await server.member(ann, "ben@example.org")
    await server.member(ann, "cleo@example.org")
    handle = await claimed(server, agent, ben)
    await another.sign_in("cleo@example.org")
    await another.open("/agents")
    token = another.form().values["csrf_token"]
    answer = await another.client.post(f"/agents/{handle}/{act}", data=SAVE | {"csrf_token": token})
    assert answer.status_code == 404
    await visitor.sign_in()
    await visitor.open(f"/agents/{handle}")
    answer = await visitor.client.post(f"/agents/{handle}/{act}", data=SAVE)
    assert answer.status_code == 403
    assert await state(server, handle) is IdentityState.CLAIMED
    await visitor.send(SAVE, form=act)
    assert visitor.page.status_code == 303
    assert await state(server, handle) is not IdentityState.CLAIMED


async def test_a_form_that_comes_too_late_says_so(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    handle = await claimed(server, agent, await server.admin())
    await visitor.sign_in()
    await visitor.open(f"/agents/{handle}")
    late = visitor.form("release")
    await visitor.send(SAVE, form="release")
    answer = await visitor.client.post(late.action, data={**late.values, **SAVE})
    assert answer.status_code == 403
    assert answer.headers["x-authsome-error"] == "identity_unclaimed"
