"""A provider on loopback: real TLS with a certificate of a test authority, and behaviour by path.

It records every head as it arrived, so that a test can say what left the gateway, byte for byte.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from authsome.kit.clock import SystemClock
from authsome.kit.ids import SystemEntropy
from authsome.proxy.ca import load_or_create

BLOCK = b"\x5a" * 65536


@dataclass
class Received:
    """One request as the provider got it."""

    line: str
    headers: list[tuple[str, str]]
    raw: bytes
    body: bytes = b""
    digest: str = ""
    size: int = 0
    connection: int = 0

    def values(self, name: str) -> list[str]:
        return [value for other, value in self.headers if other.lower() == name.lower()]


Handler = Callable[[Received, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bool]]


@dataclass
class Upstream:
    """Start it in a running loop. `handlers` are by path; each returns whether the connection goes on."""

    roots: Path
    context: ssl.SSLContext
    port: int = 0
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    lost: int = 0
    handlers: dict[str, Handler] = field(default_factory=dict)
    server: asyncio.Server | None = None

    async def start(self) -> None:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.context, limit=1 << 20)
        self.port = self.server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self.server is not None:
            self.server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        try:
            while await self._one(reader, writer, number):
                pass
        except (OSError, EOFError, ValueError):  # the proxy left in the middle
            pass
        finally:
            self.lost += 1
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> bool:
        raw = await reader.readuntil(b"\r\n\r\n")
        line, *lines = raw.decode("latin-1").split("\r\n")[:-2]
        headers = [(name, value.strip()) for name, _, value in (item.partition(":") for item in lines)]
        got = Received(line, headers, raw, connection=number)
        self.received.append(got)
        path = line.split(" ")[1].partition("?")[0]
        handler = self.handlers.get(path, echo)
        return await handler(got, reader, writer)


async def read_body(got: Received, reader: asyncio.StreamReader, *, keep: bool = True) -> None:
    """Read the body to its end; with `keep` false only its size and digest are kept."""
    digest = hashlib.sha256()

    def take(piece: bytes) -> None:
        digest.update(piece)
        got.size += len(piece)
        if keep:
            got.body += piece

    if got.values("transfer-encoding"):
        while size := int((await reader.readline()).split(b";")[0], 16):
            take(await reader.readexactly(size))
            await reader.readexactly(2)
        while (line := await reader.readline()) != b"\r\n":
            name, _, value = line.decode("latin-1").partition(":")
            got.headers.append((f"trailer:{name}", value.strip()))
    elif got.values("content-length"):
        left = int(got.values("content-length")[0])
        while left:
            piece = await reader.read(min(left, 65536))
            if not piece:
                raise asyncio.IncompleteReadError(b"", left)
            take(piece)
            left -= len(piece)
    got.digest = digest.hexdigest()


async def echo(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Answer with the digest of the body."""
    if got.values("expect"):
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    await read_body(got, reader)
    body = b"hello " + got.digest.encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(body)
    writer.write(head if got.line.startswith("HEAD ") else head + body)
    await writer.drain()
    return True


def raw(data: bytes, *, then_close: bool = False) -> Handler:
    """Answer with exactly these bytes."""

    async def handle(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        await read_body(got, reader)
        writer.write(data)
        await writer.drain()
        return not then_close

    return handle


async def sink(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Take a body of any size, and say how large it was."""
    await read_body(got, reader, keep=False)
    body = b"%d %b" % (got.size, got.digest.encode())
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
    await writer.drain()
    return True


def blob(size: int) -> Handler:
    """Send `size` bytes, as fast as they are taken."""

    async def handle(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        for _ in range(size // len(BLOCK)):
            writer.write(BLOCK)
            await writer.drain()
        return True

    return handle


def make_upstream(folder: Path) -> Upstream:
    """A provider that proves to be `localhost`. Its authority's certificate is at `roots`."""
    folder.mkdir()
    authority = load_or_create(
        folder / "ca.key", folder / "ca.pem", clock=SystemClock(), entropy=SystemEntropy()
    )
    context = authority.context_for("localhost")
    return Upstream(roots=folder / "ca.pem", context=context)
