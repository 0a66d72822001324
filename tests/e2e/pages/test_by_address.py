"""The page on which an admin connects an MCP server by its address, and what the gateway says of itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from authsome.testing.oauth.described import SERVER, Described
from authsome.testing.oauth.serve import OAuthProvider, Says
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import Agent, PagesServer, serving


@pytest.fixture
def described(tmp_path: Path) -> Iterator[Described]:
    provider = OAuthProvider(tmp_path / "acme", redirect_uri="")
    yield Described(provider)
    provider.close()


@pytest.fixture
async def server(home: Path, described: Described) -> AsyncIterator[PagesServer]:
    async with serving(home, upstream_ca_file=described.provider.ca_file) as running:
        yield running


def typed(described: Described, **other: str) -> dict[str, str]:
    return {
        "address": described.address,
        "name": "acme",
        "private": described.provider.place,
        **other,
    }


async def test_an_admin_connects_a_server_and_is_led_to_its_own_page(
    server: PagesServer, visitor: Visitor, described: Described
) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open("/providers")
    assert "/add-server" in [tag.attributes.get("href") for tag in visitor.document.named("a")]
    await visitor.open("/add-server")
    await visitor.send(typed(described))
    await visitor.follow()
    assert described.provider.place in visitor.text
    assert "mcp:read" in visitor.text
    await visitor.send({"decision": "connect"})
    (link,) = [
        href
        for tag in visitor.document.named("a")
        if "/authorize?" in (href := tag.attributes.get("href") or "")
    ]
    assert "resource=https%3A%2F%2F" in link
    facts = await server.facts()
    assert facts[-3:] == ["provider_registered", "provider_client_registered", "auth_session_started"]


async def test_what_is_refused_is_said_at_its_field_and_shown_again(
    server: PagesServer, visitor: Visitor, described: Described
) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open("/add-server")
    for changed, said in (
        ({"address": "http://mcp.example.com"}, "An address is https://"),
        ({"name": "github"}, "A provider of this name exists already."),
        ({"name": "Not A Name"}, "Name must be 2 to 32 of a-z"),
        ({"private": ""}, f"--allow-private {described.provider.place}"),
        ({"private": "10.0.0.1"}, "A private address is listed as an exact host and port"),
    ):
        await visitor.send(typed(described, **changed))
        assert visitor.page.status_code in (409, 422)
        assert said in visitor.text, changed
        shown = [tag.attributes.get("value") for tag in visitor.document.named("input")]
        assert set(typed(described, **changed).values()) <= {*shown, ""}
    described.provider.pages[SERVER] = Says(b"<script>alert(1)</script>")
    await visitor.send(typed(described))
    assert f"{described.provider.place}: the answer could not be read" in visitor.text.lower()
    assert "provider_registered" not in await server.facts()


async def test_where_nobody_registers_by_themselves_the_next_step_is_shown(
    server: PagesServer, visitor: Visitor, described: Described
) -> None:
    await server.admin()
    await visitor.sign_in()
    described.provider.pages["/register"] = Says(b'{"error": "invalid_token"}', 401)
    await visitor.open("/add-server")
    await visitor.send(typed(described))
    assert "authsome providers client acme --client-id ID" in visitor.text
    assert f"{server.address}/auth/callback" in visitor.text
    assert "It wants a token for that." in visitor.text


async def test_nobody_else_brings_the_gateway_to_an_address(
    server: PagesServer, visitor: Visitor, agent: Agent, described: Described
) -> None:
    admin = await server.admin()
    await server.member(admin, "ben@example.org")
    await visitor.sign_in("ben@example.org")
    await visitor.open("/providers")
    assert "Connect an MCP server" not in visitor.text
    await visitor.open("/add-server")
    assert visitor.page.status_code == 403
    await agent.register()
    body = b'{"address": "https://mcp.example.com/mcp"}'
    assert (await agent.ask("POST", "/api/mcp-servers", body)).status_code == 403
    assert described.provider.fetched == []


async def test_the_gateway_says_of_itself_what_is_no_secret(server: PagesServer) -> None:
    async with httpx.AsyncClient() as anybody:
        answer = await anybody.get(f"{server.address}/oauth/client.json")
    assert answer.headers["content-type"] == "application/json"
    said = answer.json()
    assert said["client_id"] == f"{server.address}/oauth/client.json"
    assert said["redirect_uris"] == [f"{server.address}/auth/callback"]
    assert "set-cookie" not in answer.headers
