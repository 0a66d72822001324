"""The claim page: code, password, decision."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import httpx
import pytest

from authsome.auth_session.complete import connect_with_key
from authsome.kit.secret import Secret
from authsome.principal.model import Principal
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, Agent, PagesServer

CLAIM = {"decision": "claim", "password": PASSWORD}


def link(told: dict[str, str]) -> str:
    return urlsplit(told["claim_url"]).path


async def connected(server: PagesServer, principal: Principal, name: str = "work") -> str:
    made = await connect_with_key(
        server.runtime.store,
        server.runtime.keeper,
        caller=principal.as_caller(),
        provider="openai",
        key=Secret("sk-test"),
        name=name,
    )
    return made.id


async def state(agent: Agent) -> str:
    return str((await agent.ask("GET", "/api/whoami")).json()["state"])


async def test_an_agent_is_claimed_with_the_connections_that_were_ticked(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    wanted, other = await connected(server, ann), await connected(server, ann, "other")
    told = await agent.register("invoice sorter")
    await visitor.open(link(told))
    assert visitor.page.headers["location"].startswith("/log-in?next=%2Fclaim%2F")
    await visitor.follow()
    assert "To claim an agent, sign in first." in visitor.text
    await visitor.send({"email": "ann@example.org", "password": PASSWORD})
    await visitor.follow()
    assert told["handle"] not in visitor.text
    await visitor.send({"code": told["code"].replace("-", " ").upper()})
    for shown in (told["handle"], told["did"], "invoice sorter", "the address you are at"):
        assert shown in visitor.text
    assert "connection" not in visitor.form("claim").values  # none is ticked
    await visitor.send(CLAIM | {"connection": [wanted]})
    assert visitor.page.status_code == 200
    assert "OpenAI work" in visitor.text
    assert await state(agent) == "claimed"
    granted = await server.runtime.store.read(lambda view: view.grants.list_live())
    assert [grant.connection_id for grant in granted] == [wanted]
    assert other not in visitor.page.text
    facts = await server.facts()
    assert facts[-2:] == ["identity_claimed", "grant_created"]
    assert facts.count("identity_claim_opened") == 1


async def test_an_agent_is_turned_away(server: PagesServer, visitor: Visitor, agent: Agent) -> None:
    await server.admin()
    told = await agent.register()
    await visitor.sign_in()
    await visitor.open(link(told))
    await visitor.send({"code": told["code"]})
    await visitor.send({"decision": "reject", "password": PASSWORD})
    assert "was turned away" in visitor.text
    assert await state(agent) == "rejected"
    assert (await visitor.open(link(told))).status_code == 410


async def test_after_five_wrong_codes_the_claim_has_ended(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    await server.admin()
    told = await agent.register()
    await visitor.sign_in()
    await visitor.open(link(told))
    for number in range(5):
        code = "bbbb-bbbb" if told["code"] != "bbbb-bbbb" else "cccc-cccc"
        await visitor.open(link(told))
        await visitor.send({"code": code})
        assert visitor.page.status_code == (403 if number < 4 else 410)
        assert told["handle"] not in visitor.page.text
    assert "wrong too often" in visitor.text
    assert (await visitor.open(link(told))).status_code == 410
    assert (await server.facts())[-1] == "identity_claim_expired"
    assert await state(agent) == "pending"


@pytest.mark.parametrize(
    "changed", [{"password": "wrong horse battery"}, {"password": ""}, {"decision": "x"}]
)
async def test_a_refused_decision_shows_the_form_again_and_changes_nothing(
    server: PagesServer, visitor: Visitor, agent: Agent, changed: dict[str, str]
) -> None:
    wanted = await connected(server, await server.admin())
    told = await agent.register()
    await visitor.sign_in()
    await visitor.open(link(told))
    await visitor.send({"code": told["code"]})
    await visitor.send({**CLAIM, "connection": [wanted], **changed})
    assert visitor.page.status_code in (401, 422)
    assert visitor.form("claim").values["connection"] == [wanted]  # what was ticked still is
    assert await state(agent) == "pending"
    await visitor.send(CLAIM)
    assert await state(agent) == "claimed"


async def test_somebody_elses_connection_cannot_be_granted(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    ben = await server.member(ann, "ben@example.org")
    theirs = await connected(server, ben)
    told = await agent.register()
    await visitor.sign_in()
    await visitor.open(link(told))
    await visitor.send({"code": told["code"]})
    assert theirs not in visitor.page.text
    await visitor.send(CLAIM | {"connection": [theirs]})
    assert visitor.page.status_code == 404
    assert await state(agent) == "pending"


async def test_a_claim_sent_twice_at_once_is_accepted_once(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    await server.admin()
    told = await agent.register()
    await visitor.sign_in()
    await visitor.open(link(told))
    await visitor.send({"code": told["code"]})
    form = visitor.form("claim")

    def send() -> asyncio.Task[httpx.Response]:
        return asyncio.ensure_future(visitor.client.post(form.action, data=form.values | CLAIM))

    answers = await asyncio.gather(*(send() for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410]
    assert (await server.facts()).count("identity_claimed") == 1


async def test_the_link_and_the_decision_need_the_code(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    await server.admin()
    told = await agent.register()
    await visitor.sign_in()
    await visitor.open(link(told))
    await visitor.send(CLAIM | {"code": ""})
    assert visitor.page.status_code == 403
    assert await state(agent) == "pending"
    assert (await visitor.open("/claim/" + "x" * 43)).status_code == 410
