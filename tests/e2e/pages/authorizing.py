"""The way to a provider's own page and back, one step at a time."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from authsome.auth_session.model import FailureReason
from authsome.auth_session.start import start
from authsome.connection.model import Connection, Flow
from authsome.connection.oauth.client import CALLBACK
from authsome.connection.oauth.configure_client import configure_client
from authsome.kit.secret import Secret
from authsome.principal.model import Principal
from authsome.provider.register import register_provider
from authsome.provider.validate import read_definition
from authsome.testing.oauth.serve import CLIENT_ID, CLIENT_SECRET, OAuthProvider
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PagesServer, serving

CONNECT = {"decision": "connect"}


@asynccontextmanager
async def serving_beside(provider: OAuthProvider, home: Path) -> AsyncIterator[PagesServer]:
    """A server that trusts the provider, whose client there knows it."""
    async with serving(home, upstream_ca_file=provider.ca_file) as running:
        provider.server.client.redirect_uri = running.address + CALLBACK
        yield running
    provider.close()


async def registered(server: PagesServer, provider: OAuthProvider, **oauth: object) -> Principal:
    """The provider is registered, without a client. Returns the admin."""
    ann, store = await server.admin(), server.runtime.store
    definition = read_definition(provider.definition(**oauth))
    await store.write(
        ann.as_caller(),
        lambda work: register_provider(work, provider=definition, private_addresses=[provider.place]),
    )
    return ann


async def offered(server: PagesServer, provider: OAuthProvider, **oauth: object) -> Principal:
    """The provider is registered, with its client. Returns the admin."""
    ann, store = await registered(server, provider, **oauth), server.runtime.store
    await store.write(
        ann.as_caller(),
        lambda work: configure_client(
            work,
            server.runtime.keeper,
            provider="acme",
            client_id=CLIENT_ID,
            secret=Secret(CLIENT_SECRET),
            installation_id=store.installation_id,
        ),
    )
    return ann


async def begin(server: PagesServer, principal: Principal) -> str:
    _, token = await server.runtime.store.write(
        principal.as_caller(), lambda work: start(work, provider="acme", flow=Flow.AUTHORIZATION_CODE)
    )
    return f"/connect/{token.reveal()}"


async def leave(visitor: Visitor, link: str) -> str:
    """Go as far as the provider's page; returns its address."""
    await visitor.open(link)
    await visitor.send(CONNECT)
    assert visitor.page.status_code == 200, visitor.text
    links = [tag.attributes["href"] for tag in visitor.document.named("a")]
    (shown,) = [link for link in links if "/authorize?" in link]
    assert visitor.page.headers["refresh"] == f"0;url={shown}"
    return shown


async def decide(provider: OAuthProvider, address: str) -> str:
    """What the provider's page does with the browser: the path and query that it is sent back to."""
    trust = ssl.create_default_context(cafile=str(provider.ca_file))
    async with httpx.AsyncClient(verify=trust) as browser:
        answer = await browser.get(address)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


async def connections(server: PagesServer) -> list[Connection]:
    return await server.runtime.store.read(lambda view: view.connections.list())


async def session_of(server: PagesServer) -> tuple[str, FailureReason | None]:
    (session,) = await server.runtime.store.read(lambda view: view.auth_sessions.list())
    return session.state.value, session.reason


def changed(path: str, **values: str | None) -> str:
    """The same answer with other parameters; None leaves one out."""
    parts = urlsplit(path)
    query = dict(parse_qsl(parts.query)) | values
    return f"{parts.path}?{urlencode({name: value for name, value in query.items() if value is not None})}"
