"""Clients for `bench.proxy`: TLS to the provider, directly or through a CONNECT, on uvloop."""

from __future__ import annotations

import asyncio
import ssl
import time
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import cast

import uvloop

from bench.proxy_upstream import BODY, TOKEN, Lean


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How to reach the provider at `port`: through the proxy at `proxy_port`, or directly when that is 0."""

    port: int
    proxy_port: int
    roots: Path
    credentials: str = f"run:{TOKEN}"

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Requests a second, and waits in milliseconds."""

    per_second: float
    p50: float
    p99: float


class Client(Lean):
    """One connection with one request at a time; `done` is resolved when its time is over."""

    def __init__(self, request: bytes) -> None:
        self.waits: list[float] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._request = request
        self._until = 0.0
        self._got = 0

    def begin(self, transport: asyncio.Transport, until: float) -> None:
        self.transport = transport
        self._until = until
        self._next()

    def data_received(self, data: bytes) -> None:
        if not self._got and not data.startswith(b"HTTP/1.1 200 "):
            self.done.set_exception(RuntimeError(data[:300].decode("latin-1")))
            return
        self._got += len(data)
        if not data.endswith(BODY[-8:]):
            return
        self.waits.append(time.perf_counter() - self._sent)
        self._got = 0
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError(f"the connection ended: {exc}"))

    def _next(self) -> None:
        self._sent = time.perf_counter()
        if self._sent < self._until:
            self.transport.write(self._request)
        elif not self.done.done():
            self.done.set_result(None)


class _Asker(asyncio.Protocol):
    """Sends the CONNECT and waits for its answer."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        self.answer.set_result(data)


async def attach(way: Way, protocol: Lean) -> asyncio.Transport:
    """A TLS connection to the provider, the way it is to be reached."""
    loop = asyncio.get_running_loop()
    trust = ssl.create_default_context(cafile=way.roots)
    if not way.proxy_port:
        transport, _ = await loop.create_connection(
            lambda: protocol, "127.0.0.1", way.port, ssl=trust, server_hostname="localhost"
        )
        return transport
    basic = b64encode(way.credentials.encode()).decode()
    plain, asker = await loop.create_connection(_Asker, "127.0.0.1", way.proxy_port)
    plain.write(f"CONNECT {way.host} HTTP/1.1\r\nProxy-Authorization: Basic {basic}\r\n\r\n".encode())
    answer = await asker.answer
    assert answer.startswith(b"HTTP/1.1 200 "), answer
    tls = await loop.start_tls(plain, protocol, trust, server_hostname="localhost")
    return cast(asyncio.Transport, tls)  # uvloop's is one in all but its class


def request(way: Way, path: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {way.host}", "Accept: */*", "Accept-Encoding: gzip, deflate"]
    lines += ["User-Agent: bench/1", "Authorization: Bearer placeholder", "", ""]
    return "\r\n".join(lines).encode()


def load(way: Way, clients: int, seconds: float) -> Taken:
    """So many clients, each with one request after the other, for so long."""

    async def work() -> Taken:
        made = [Client(request(way, "/")) for _ in range(clients)]
        transports = [await attach(way, client) for client in made]
        began = time.perf_counter()
        for client, transport in zip(made, transports, strict=True):
            client.begin(transport, began + seconds)
        await asyncio.gather(*(client.done for client in made))
        took = time.perf_counter() - began
        for transport in transports:
            transport.abort()
        waits = [wait * 1000 for client in made for wait in client.waits]
        return Taken(per_second=len(waits) / took, p50=median(waits), p99=quantiles(waits, n=100)[98])

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work())


class _Counter(Lean):
    """Counts bytes until there are enough."""

    def __init__(self, enough: int) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._left = enough

    def data_received(self, data: bytes) -> None:
        self._left -= len(data)
        if self._left <= 0 and not self.done.done():
            self.done.set_result(None)


def download(way: Way, size: int) -> float:
    """Seconds for the whole blob."""

    async def work() -> float:
        counter = _Counter(size)
        transport = await attach(way, counter)
        began = time.perf_counter()
        transport.write(request(way, "/blob"))
        await counter.done
        transport.abort()
        return time.perf_counter() - began

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work())


class _Listener(Lean):
    """Notes how long after its sending each event arrives."""

    def __init__(self) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.delays: list[float] = []

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        for part in data.split(b"data: ")[1:]:
            self.delays.append((now - float(part.split(b"\n")[0])) * 1000)
        if data.endswith(b"0\r\n\r\n"):
            self.done.set_result(None)


def listen(way: Way) -> list[float]:
    """The delay of each event of one stream, in milliseconds, the first one first."""

    async def work() -> list[float]:
        listener = _Listener()
        transport = await attach(way, listener)
        transport.write(request(way, "/events"))
        await listener.done
        transport.abort()
        return listener.delays

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work())
