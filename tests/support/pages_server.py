"""A real server of the pages in a home of its own, on a free port, in the test's own event loop."""

from __future__ import annotations

import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from authsome.cli.process.doors import open_api
from authsome.cli.process.sockets import bind
from authsome.client.keys import Key, new_key
from authsome.identity.signature import Message, sign
from authsome.kit.caller import Caller
from authsome.kit.clock import Clock, SystemClock
from authsome.kit.resolve import Resolve, by_system
from authsome.kit.secret import Secret
from authsome.principal.invite import invite, offer_set_up
from authsome.principal.model import Principal, Role
from authsome.principal.password import Hasher
from authsome.principal.register import admit
from authsome.runtime.build import build
from authsome.runtime.runtime import Runtime
from authsome.server.app import create_app
from authsome.server.config import ServerConfig
from tests.support.databases import fresh_sqlite

PASSWORD = "correct horse battery"
PATIENCE = 30  # seconds for an answer: the machine may be busy with other tests


class CountingHasher(Hasher):
    """The real hasher at the least cost. Says how often it was asked to work."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_kib=64)
        self.asked = 0

    async def hash(self, password: Secret) -> str:
        self.asked += 1
        return await super().hash(password)

    async def verify(self, stored: str | None, password: Secret) -> bool:
        self.asked += 1
        return await super().verify(stored, password)


@dataclass(frozen=True)
class PagesServer:
    """The running server, and what makes it look lived in."""

    runtime: Runtime
    address: str
    hasher: CountingHasher

    async def set_up_link(self) -> str:
        """The path of a set-up link."""
        token = await self.runtime.store.write(self.runtime.server, offer_set_up)
        assert token is not None
        return f"/set-up/{token.reveal()}"

    async def admin(self, email: str = "ann@example.org") -> Principal:
        """The first principal."""
        token = await self.runtime.store.write(self.runtime.server, offer_set_up)
        assert token is not None
        return await self._admit(token, email)

    async def member(self, admin: Principal, email: str, role: Role = Role.MEMBER) -> Principal:
        """Another one."""
        _, token = await self.runtime.store.write(admin.as_caller(), lambda work: invite(work, role=role))
        return await self._admit(token, email)

    async def _admit(self, link: Secret, email: str) -> Principal:
        hashed = await self.runtime.hasher.hash(Secret(PASSWORD))
        server = self.runtime.server
        return await self.runtime.store.write(
            server, lambda work: admit(work, link=link, email=email, hashed=hashed)
        )

    async def facts(self) -> list[str]:
        """The names of everything that happened, in order."""
        events = await self.runtime.store.read(lambda view: view.event_log.after(0, 100_000))
        return [event.name for event in events]

    async def head(self) -> int:
        """How much has happened."""
        return await self.runtime.store.read(lambda view: view.event_log.head())

    def confirmed(self, principal: Principal) -> Caller:
        return replace(principal.as_caller(), confirmed=True)


@asynccontextmanager
async def serving(
    home: Path,
    *,
    base_url: str = "",
    clock: Clock | None = None,
    resolve: Resolve = by_system,
    **settings: Any,
) -> AsyncIterator[PagesServer]:
    """The server while the block runs. Its background work runs too."""
    listeners = bind("127.0.0.1", 0)
    port = listeners[0].getsockname()[1]
    config = ServerConfig(home=home, port=port, base_url=base_url, **settings)
    if not config.server_home.exists():
        fresh_sqlite(config.server_home)
    hasher = CountingHasher()
    async with build(config, clock=clock or SystemClock(), resolve=resolve) as built:
        runtime = replace(built, hasher=hasher)
        async with open_api(create_app(runtime), listeners):
            yield PagesServer(runtime, f"http://localhost:{port}", hasher)
    hasher.close()


class Agent:
    """Something with a key that signs its requests, as the command line does."""

    def __init__(self, address: str, key: Key | None = None, *, forwarded: str | None = None) -> None:
        self.key = key or new_key()
        through = {"X-Forwarded-For": forwarded} if forwarded else {}
        self._client = httpx.AsyncClient(base_url=address, headers=through, timeout=PATIENCE)
        self._authority = httpx.URL(address).netloc.decode()

    async def ask(self, method: str, path: str, body: bytes = b"") -> httpx.Response:
        """A signed request."""
        nonce = base64.urlsafe_b64encode(os.urandom(18)).decode()
        headers = sign(
            Message(method=method, authority=self._authority, path=path, body=body),
            did=self.key.did,
            created=int(SystemClock().now().timestamp()),
            nonce=nonce,
            key=self.key.sign,
        )
        headers["content-type"] = "application/json"
        return await self._client.request(method, path, content=body, headers=headers)

    async def register(self, label: str = "") -> dict[str, str]:
        """What the holder of the key is told: handle, claim_url, code, …"""
        answer = await self.ask("POST", "/api/identities", b'{"label": "%s"}' % label.encode())
        assert answer.status_code == 201, answer.text
        registered: dict[str, str] = answer.json()
        return registered

    async def close(self) -> None:
        await self._client.aclose()
