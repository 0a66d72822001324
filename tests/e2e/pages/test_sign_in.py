"""Letting a terminal in."""

from __future__ import annotations

import pytest

from authsome.client.keys import new_key
from authsome.server.routes.ui.sign_in import code_of
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, Agent, PagesServer

ACCEPT = {"decision": "accept", "password": PASSWORD}


async def test_a_terminal_acts_as_the_principal_who_let_it_in(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    did = agent.key.did
    await visitor.open(f"/sign-in?did={did}&code={code_of(did)}")
    await visitor.follow()
    await visitor.send({"email": "ann@example.org", "password": PASSWORD})
    await visitor.follow()
    assert code_of(did) in visitor.text
    assert (await agent.ask("GET", "/api/whoami")).status_code == 401
    await visitor.send(ACCEPT)
    assert "The terminal is signed in" in visitor.text
    told = (await agent.ask("GET", "/api/whoami")).json()
    assert (told["kind"], told["principal_id"], told["is_admin"]) == ("principal", ann.id, True)


@pytest.mark.parametrize(
    "query",
    ["", "did=", "did=x", "did=" + "x" * 8000, "did=did:key:z%00", "did=%ff", "code=bbbb-bbbb"],
)
async def test_a_link_that_names_no_key_is_refused(server: PagesServer, visitor: Visitor, query: str) -> None:
    await server.admin()
    await visitor.sign_in()
    assert (await visitor.open(f"/sign-in?{query}")).status_code == 422


async def test_a_link_whose_code_belongs_to_another_key_is_refused(
    server: PagesServer, visitor: Visitor
) -> None:
    await server.admin()
    await visitor.sign_in()
    did, other = new_key().did, new_key().did
    await visitor.open(f"/sign-in?did={did}&code={code_of(other)}")
    assert visitor.page.status_code == 422
    assert code_of(other) not in visitor.page.text


async def test_a_wrong_password_lets_nobody_in_and_is_limited_with_the_others(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open(f"/sign-in?did={agent.key.did}")
    statuses = [(await visitor.send(ACCEPT | {"password": "wrong"})).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [503]
    assert (await agent.ask("GET", "/api/whoami")).status_code == 401
    assert (await server.facts()).count("principal_login_failed") == 10


async def test_rejecting_needs_no_password_and_does_nothing(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    await server.admin()
    await visitor.sign_in()
    before = await server.head()
    await visitor.open(f"/sign-in?did={agent.key.did}")
    await visitor.send({"decision": "reject"})
    assert "turned away" in visitor.text
    assert await server.head() == before


async def test_a_terminals_key_is_let_in_once(server: PagesServer, visitor: Visitor, agent: Agent) -> None:
    await server.admin()
    await visitor.sign_in()
    for status in (200, 401):
        await visitor.open(f"/sign-in?did={agent.key.did}")
        await visitor.send(ACCEPT)
        assert visitor.page.status_code == status
