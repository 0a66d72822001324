"""A gateway as the world sees it: a public name with a certificate, and whatever ends TLS in front of it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from authsome.kit.bounded import BoundedTransport
from authsome.kit.resolve import by_system
from authsome.runtime.oauth.dial import CheckedNetwork
from authsome.testing.https_api import make_certificates

NAME, PUBLIC = "authsome.example.org", "93.184.216.34"


async def as_the_world(host: str, port: int) -> list[str]:
    """What the gateway's own name server says of it: that it lies on the internet."""
    return [PUBLIC] if host == NAME else await by_system(host, port)


async def _here(host: str, port: int) -> list[str]:
    """What the world's would lead to."""
    return ["127.0.0.1"]


@dataclass
class Front:
    """Before the gateway. It passes everything on as it came, to the port that is set."""

    socket: socket.socket
    trust: ssl.SSLContext
    chain: Path
    behind: int = 0

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.socket.getsockname()[1]}"

    def client(self) -> httpx.AsyncClient:
        """Somebody outside, who reaches the gateway by its name."""
        network = CheckedNetwork(private_ok=True, resolve=_here)
        transport = BoundedTransport(10_000_000, network=network, trust=self.trust)
        return httpx.AsyncClient(base_url=self.url, transport=transport)

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inside = await asyncio.open_connection("127.0.0.1", self.behind)
        await asyncio.gather(_copy(reader, inside[1]), _copy(inside[0], writer), return_exceptions=True)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def front(folder: Path) -> AsyncIterator[Front]:
    """Its address is known before there is a gateway behind it."""
    ca_file, chain = make_certificates(folder, NAME)
    listening = socket.create_server(("127.0.0.1", 0))
    made = Front(listening, ssl.create_default_context(cafile=str(ca_file)), chain)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    server = await asyncio.start_server(made.pass_on, sock=listening, ssl=context)
    yield made
    server.close()
