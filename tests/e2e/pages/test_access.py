"""What an agent asks for, decided on a page: by whoever is asked, with the password, once."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from authsome.claim.release import release
from authsome.principal.model import Principal
from tests.e2e.pages.test_agents import claimed, granted_now
from tests.e2e.pages.test_claim import connected
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, Agent, PagesServer

APPROVE = {"decision": "approve", "password": PASSWORD}
API = "/api/access-requests"


async def asked(agent: Agent, **more: Any) -> dict[str, Any]:
    answer = await post(agent, {"provider": "openai", **more})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def post(agent: Agent, body: dict[str, Any], path: str = API) -> httpx.Response:
    return await agent.ask("POST", path, json.dumps(body).encode())


def page_of(told: dict[str, Any]) -> str:
    return f"/access/{told['id']}"


async def test_an_agent_asks_and_its_principal_approves_what_they_choose(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    work, other = await connected(server, ann, "work"), await connected(server, ann, "other")
    handle = await claimed(server, agent, ann)
    told = await asked(agent, connection_name="work", lasting="7d", note="nightly summaries")
    assert told["url"] == f"{server.address}{page_of(told)}"
    await visitor.sign_in()
    assert "Access requests" in visitor.text
    assert "1 access request to decide" in (await visitor.open("/agents")).text
    await visitor.open("/access")
    for shown in (handle, "OpenAI", "work", "for 7 days", "nightly summaries"):
        assert shown in visitor.text
    await visitor.open(page_of(told))
    values = visitor.form("access").values
    assert (values["connection"], values["lasting"]) == ([work], "7d"), "what it asked for is chosen"
    await visitor.send(APPROVE | {"connection": [other], "lasting": "1d"}, form="access")
    await visitor.follow()
    assert "It is approved" in visitor.text
    assert await granted_now(server) == [other]
    assert (await server.facts())[-2:] == ["grant_created", "access_approved"]
    assert (await agent.ask("GET", f"{API}/{told['id']}")).json()["state"] == "approved"
    assert (await visitor.open(page_of(told))).status_code == 410


async def test_denied_without_a_password_it_is_over(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    await claimed(server, agent, ann)
    told = await asked(agent)
    await visitor.sign_in()
    await visitor.open(page_of(told))
    assert "You have no connection to OpenAI" in visitor.text
    await visitor.send({"decision": "deny"}, form="access")
    await visitor.follow()
    assert "It is denied" in visitor.text
    assert (await server.facts())[-1] == "access_denied"
    assert (await agent.ask("GET", f"{API}/{told['id']}")).json()["state"] == "denied"
    refused = await post(agent, {"provider": "openai"})
    assert (refused.status_code, refused.json()["code"]) == (409, "access_denied_lately")


@pytest.mark.parametrize("values", [{"password": ""}, {"password": "wrong horse battery"}])
async def test_it_is_not_approved_without_the_password(
    server: PagesServer, visitor: Visitor, agent: Agent, values: dict[str, str]
) -> None:
    ann = await server.admin()
    wanted = await connected(server, ann)
    await claimed(server, agent, ann)
    told = await asked(agent, lasting="7d")
    await visitor.sign_in()
    await visitor.open(page_of(told))
    sent = {"decision": "approve", "connection": [wanted], "lasting": "1d"} | values
    await visitor.send(sent, form="access")
    assert visitor.page.status_code == 401
    assert visitor.form("access").values["lasting"] == "1d"
    assert await granted_now(server) == []
    await visitor.send(APPROVE | {"decision": "maybe", "connection": [wanted]}, form="access")
    assert visitor.page.status_code == 422
    await visitor.send(APPROVE | {"connection": []}, form="access")
    assert visitor.page.status_code == 404
    assert await granted_now(server) == []


async def test_another_principal_neither_sees_nor_decides_it(
    server: PagesServer, visitor: Visitor, another: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    ben = await server.member(ann, "ben@example.org")
    his = await connected(server, ann, "anns")
    await claimed(server, agent, ben)
    told = await asked(agent, connection_name="anns")
    await visitor.sign_in()  # an admin, who is not asked
    assert "Nothing is asked for" in (await visitor.open("/access")).text
    assert (await visitor.open(page_of(told))).status_code == 404
    await visitor.open("/access")
    token = visitor.form().values["csrf_token"]
    sent = {**APPROVE, "connection": his, "csrf_token": token}
    assert (await visitor.client.post(page_of(told), data=sent)).status_code == 404
    await another.sign_in("ben@example.org")
    await another.open(page_of(told))
    assert "which is not connected" in another.text
    forged = another.form("access").values | APPROVE | {"connection": his, "lasting": ""}
    assert (await another.client.post(page_of(told), data=forged)).status_code == 404
    assert await granted_now(server) == []


async def test_no_signature_of_an_agent_decides_and_no_form_is_taken_twice(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    wanted = await connected(server, ann)
    await claimed(server, agent, ann)
    told = await asked(agent)
    denied = await post(agent, {}, f"{API}/{told['id']}/deny")
    assert (denied.status_code, denied.json()["code"]) == (403, "principal_required")
    for path in (f"{API}/{told['id']}/approve", page_of(told)):
        assert (await post(agent, {"connection": wanted}, path)).status_code in (401, 404)
    assert await granted_now(server) == []
    await visitor.sign_in()
    await visitor.open(page_of(told))
    sent = visitor.form("access").values | APPROVE | {"connection": wanted}
    first = await visitor.client.post(page_of(told), data=sent)
    again = await visitor.client.post(page_of(told), data=sent)
    assert (first.status_code, again.status_code) == (303, 410)
    foreign = await visitor.client.post(page_of(told), data=sent, headers={"Origin": "https://evil.test"})
    assert foreign.status_code == 403
    assert (await server.facts()).count("access_approved") == 1


async def test_a_request_to_whoever_let_the_agent_go_is_over(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    wanted = await connected(server, ann)
    handle = await claimed(server, agent, ann)
    told = await asked(agent)
    await visitor.sign_in()
    await visitor.open(page_of(told))
    sent = visitor.form("access").values | APPROVE | {"connection": wanted}
    await let_go(server, ann, handle)
    assert (await visitor.client.post(page_of(told), data=sent)).status_code == 410
    assert "Nothing is asked for" in (await visitor.open("/access")).text


async def let_go(server: PagesServer, ann: Principal, handle: str) -> None:
    def write(work: Any) -> None:
        release(work, identity_id=work.identities.find_by_handle(handle).id)

    await server.runtime.store.write(server.confirmed(ann), write)


async def test_a_note_is_text_and_what_could_redraw_the_page_is_refused(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    await connected(server, ann)
    await claimed(server, agent, ann)
    for note in ("red\x1b[31m", "\u202egnp.exe", "two\nlines", "nul\0", "x" * 201, "x" * 5000):
        refused = await post(agent, {"provider": "openai", "note": note})
        assert refused.status_code == 422, note
    note = "<img src=x onerror=alert(1)>{{7*7}} & 'quoted'"
    told = await asked(agent, note=note)
    await visitor.sign_in()
    for page in ("/access", page_of(told)):
        await visitor.open(page)
        assert note in visitor.text
        assert not visitor.document.named("img")
    facts = await server.runtime.store.read(lambda view: view.event_log.after(0, 1_000))
    (fact,) = [one for one in facts if one.name == "access_requested"]
    assert note not in json.dumps(fact.fields)


async def test_an_agent_that_floods_is_held_up(server: PagesServer, agent: Agent) -> None:
    ann = await server.admin()
    await claimed(server, agent, ann)
    codes = [
        (await post(agent, {"provider": "openai", "connection_name": f"n{number}"})).status_code
        for number in range(8)
    ]
    assert codes == [201] * 5 + [503] * 3
    assert (await server.facts()).count("access_requested") == 5
    assert len((await agent.ask("GET", API)).json()) == 5


@pytest.mark.parametrize("wrong", ["acr_nothing", "%00", "<b>", "..%2f..%2fx", "x" * 3000])
async def test_what_is_no_request_is_missing(server: PagesServer, visitor: Visitor, wrong: str) -> None:
    await server.admin()
    await visitor.sign_in()
    assert (await visitor.open(f"/access/{wrong}")).status_code == 404
