"""The agents' pages: the list, and what one may use."""

from __future__ import annotations

import pytest

from authsome.claim.decide import accept
from authsome.kit.secret import Secret
from authsome.principal.model import Principal
from tests.e2e.pages.test_claim import connected, link
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, Agent, PagesServer

SAVE = {"password": PASSWORD}


async def claimed(server: PagesServer, agent: Agent, principal: Principal, *granted: str) -> str:
    """The handle of an agent that the principal has claimed."""
    told = await agent.register()
    token = Secret(link(told).removeprefix("/claim/"))
    await server.runtime.store.write(
        server.confirmed(principal),
        lambda work: accept(work, token=token, code=told["code"], connection_ids=granted),
    )
    return told["handle"]


async def granted_now(server: PagesServer) -> list[str]:
    found = await server.runtime.store.read(lambda view: view.grants.list_live())
    return sorted(grant.connection_id for grant in found)


async def test_grants_are_added_and_taken_away_together(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    old, new = await connected(server, ann, "old"), await connected(server, ann, "new")
    handle = await claimed(server, agent, ann, old)
    await visitor.sign_in()
    await visitor.open(f"/agents/{handle}")
    assert visitor.form("grants").values["connection"] == [old]
    await visitor.send(SAVE | {"connection": [new]}, form="grants")
    await visitor.follow()
    assert "The grants are saved" in visitor.text
    assert await granted_now(server) == [new]
    assert (await server.facts())[-2:] == ["grant_removed", "grant_created"]


async def test_what_was_granted_elsewhere_meanwhile_stays(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    handle = await claimed(server, agent, ann, await connected(server, ann, "old"))
    await visitor.sign_in()
    await visitor.open(f"/agents/{handle}")
    form = visitor.form("grants")
    later = await connected(server, ann, "later")
    await visitor.open(f"/agents/{handle}")
    await visitor.send(SAVE | {"connection": [later]}, form="grants")
    await visitor.client.post(form.action, data={**form.values, **SAVE, "connection": []})
    assert await granted_now(server) == [later]


@pytest.mark.parametrize("password", ["", "wrong horse battery"])
async def test_grants_are_not_changed_without_the_password(
    server: PagesServer, visitor: Visitor, agent: Agent, password: str
) -> None:
    ann = await server.admin()
    wanted = await connected(server, ann)
    handle = await claimed(server, agent, ann)
    await visitor.sign_in()
    await visitor.open(f"/agents/{handle}")
    await visitor.send({"password": password, "connection": [wanted]}, form="grants")
    assert visitor.page.status_code == 401
    assert visitor.form("grants").values["connection"] == [wanted]
    assert await granted_now(server) == []


async def test_an_agent_is_seen_by_its_principal_and_by_admins_who_cannot_change_it(
    server: PagesServer, visitor: Visitor, another: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    ben = await server.member(ann, "ben@example.org")
    await server.member(ann, "cleo@example.org")
    handle = await claimed(server, agent, ben, await connected(server, ben))
    await visitor.sign_in()
    await visitor.open(f"/agents/{handle}")
    assert "ben@example.org" in visitor.text
    assert "OpenAI" in visitor.text
    actions = [tag.attributes["action"] for tag in visitor.document.named("form")]
    assert actions == ["/log-out", f"/agents/{handle}/release", f"/agents/{handle}/revoke"]
    token = visitor.form().values["csrf_token"]
    answer = await visitor.client.post(f"/agents/{handle}", data=SAVE | {"csrf_token": token})
    assert answer.status_code == 403
    await another.sign_in("cleo@example.org")
    assert (await another.open(f"/agents/{handle}")).status_code == 404
    assert handle not in (await another.open("/agents")).text
    assert handle in (await visitor.open("/agents")).text


@pytest.mark.parametrize("handle", ["no-such-one-0001", "%00", "a" * 3000, "..%2f..%2fx", "%ff", "<b>"])
async def test_a_handle_that_is_none_is_missing(server: PagesServer, visitor: Visitor, handle: str) -> None:
    await server.admin()
    await visitor.sign_in()
    assert (await visitor.open(f"/agents/{handle}")).status_code == 404
    assert (await visitor.open(f"/agents?after={handle}")).status_code == 200


async def test_a_hostile_label_is_text(server: PagesServer, visitor: Visitor, agent: Agent) -> None:
    await server.admin()
    label = "<img src=x onerror=alert(1)>{{7*7}}"
    told = await agent.register(label)
    await visitor.sign_in()
    await visitor.open(link(told))
    await visitor.send({"code": told["code"]})
    assert label in visitor.text
    assert not visitor.document.named("img")
    assert label in " ".join((await visitor.open("/agents")).text.split()) or label in visitor.text
    assert not visitor.document.named("img")
