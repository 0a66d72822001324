"""A gateway that is a client by a document of its own: the provider fetches it from here, and lets it in.

All of it over real TLS: the gateway behind something that ends TLS under its public name, and a provider as
strict as the draft (client ID metadata documents).
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from authsome.provider.oauth import ClientOrigin
from authsome.testing.oauth.clients import Fetch, Unredirectable, fetch_client
from authsome.testing.oauth.described import Described
from authsome.testing.oauth.serve import OAuthProvider
from tests.e2e.pages.visitor import Visitor
from tests.support.outside import Front, as_the_world, front
from tests.support.pages_server import PagesServer, serving


@dataclass
class World:
    """A gateway with a public name, a person at its pages, and a provider that knows neither."""

    server: PagesServer
    front: Front
    visitor: Visitor
    described: Described

    @property
    def provider(self) -> OAuthProvider:
        return self.described.provider

    async def add(self) -> str:
        """The person connects the provider by its address; returns where they are sent to."""
        await self.server.admin()
        await self.visitor.sign_in()
        await self.visitor.open("/add-server")
        typed = {"address": self.described.address, "name": "acme", "private": self.provider.place}
        await self.visitor.send(typed)
        await self.visitor.follow()
        await self.visitor.send({"decision": "connect"})
        links = [tag.attributes.get("href") or "" for tag in self.visitor.document.named("a")]
        return next(link for link in links if "/authorize?" in link)

    async def decide(self, address: str) -> httpx.Response:
        """What the provider's page answers to the person's browser."""
        trust = ssl.create_default_context(cafile=str(self.provider.ca_file))
        async with httpx.AsyncClient(verify=trust) as browser:
            return await browser.get(address)


def fetching(outside: Front) -> tuple[list[str], Fetch]:
    """How a provider out there reads a document, and what it has read."""
    read: list[str] = []

    async def get(url: str) -> tuple[int, str, bytes]:
        async with outside.client() as http:
            answer = await http.get(url)
        return answer.status_code, answer.headers["content-type"], answer.content

    def fetch(url: str) -> tuple[int, str, bytes]:
        read.append(url)
        return asyncio.run(get(url))

    return read, fetch


@pytest.fixture
async def world(home: Path, tmp_path: Path) -> AsyncIterator[World]:
    described = Described(OAuthProvider(tmp_path / "acme", redirect_uri=""))
    described.change(client_id_metadata_document_supported=True)
    roots = described.provider.ca_file
    async with front(tmp_path / "front") as outside:
        gateway = serving(home, base_url=outside.url, resolve=as_the_world, upstream_ca_file=roots)
        async with gateway as server:
            outside.behind = int(server.address.rpartition(":")[2])
            visitor = Visitor(outside.url)
            await visitor.client.aclose()
            visitor.client = outside.client()
            yield World(server, outside, visitor, described)
            await visitor.close()
    described.provider.close()


async def test_it_is_fetched_from_here_and_the_connection_stands(world: World) -> None:
    read, fetch = fetching(world.front)
    world.provider.server.fetch = fetch
    away = await world.add()
    asked, client_id = dict(parse_qsl(urlsplit(away).query)), f"{world.front.url}/oauth/client.json"
    assert (asked["client_id"], asked["redirect_uri"]) == (client_id, f"{world.front.url}/auth/callback")
    assert read == [], "it is fetched when somebody comes with it"
    back = await world.decide(away)
    assert back.status_code == 302, back.text
    assert read == [client_id]
    await world.visitor.open(back.headers["location"].removeprefix(world.front.url))
    assert "is sealed as default" in world.visitor.text
    runtime = world.server.runtime
    (made,) = await runtime.store.read(lambda view: view.connections.list())
    assert (await runtime.renewals.renew(made)).version == 2, "the refresh token is its own as well"
    assert world.provider.server.requests == ["granted", "granted"]
    assert world.provider.server.registrations == []
    held = await runtime.store.read(lambda view: view.oauth_clients.find_of("acme"))
    assert held is not None
    assert (held.client_id, held.origin, held.sealed) == (client_id, ClientOrigin.DOCUMENT, None)


async def test_where_it_cannot_be_fetched_nobody_is_sent_back_and_it_can_be_tried_again(world: World) -> None:
    _, fetch = fetching(world.front)
    world.provider.server.fetch = lambda url: (404, "text/html", b"")
    away = await world.add()
    assert (await world.decide(away)).status_code == 400
    assert await world.server.runtime.store.read(lambda view: view.connections.list()) == []
    world.provider.server.fetch = fetch
    back = await world.decide(away)
    await world.visitor.open(back.headers["location"].removeprefix(world.front.url))
    assert "is sealed as default" in world.visitor.text


async def test_anybody_may_read_it_and_it_holds_nothing_else(world: World) -> None:
    async with world.front.client() as stranger:
        answer = await stranger.get("/oauth/client.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert "set-cookie" not in answer.headers
    assert set(answer.json()) == {
        "client_id", "client_name", "client_uri", "redirect_uris", "grant_types", "response_types",
        "token_endpoint_auth_method",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("client_id", "changed"),
    [
        ("http://a.example/client.json", {}),
        ("https://a.example", {}),
        ("https://a.example/x/../client.json", {}),
        ("https://a.example/client.json#x", {}),
        ("https://me@a.example/client.json", {}),
        ("https://a.example/client.json", {"client_id": "https://a.example/other.json"}),
        ("https://a.example/client.json", {"client_secret": "s"}),
        ("https://a.example/client.json", {"token_endpoint_auth_method": "client_secret_post"}),
        ("https://a.example/client.json", {"redirect_uris": ["https://evil.example/"]}),
        ("https://a.example/client.json", {"client_name": "x" * 6000}),
    ],
)
def test_the_provider_that_stands_for_others_is_as_strict_as_the_draft(
    client_id: str, changed: dict[str, object]
) -> None:
    said = {
        "client_id": client_id,
        "redirect_uris": ["https://a.example/back"],
        "token_endpoint_auth_method": "none",
    }
    good = said | {"client_id": "https://a.example/client.json"}
    fetch_client(
        str(good["client_id"]), "https://a.example/back", lambda url: (200, "application/json", _json(good))
    )
    with pytest.raises(Unredirectable):
        fetch_client(
            client_id,
            "https://a.example/back",
            lambda url: (200, "application/json", _json(said | changed)),
        )


def _json(document: object) -> bytes:
    return json.dumps(document).encode()
