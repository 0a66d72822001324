"""A small house for one test: a provider, a gate kept in memory, and the proxy between them, on uvloop."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import uvloop

from authsome.kit.clock import SystemClock
from authsome.kit.ids import SystemEntropy
from authsome.kit.secret import Secret
from authsome.proxy.ca import load_or_create
from authsome.proxy.gate import Outcome, Passage, Refusal, RunPass
from authsome.proxy.limits import Limits
from authsome.proxy.listen import ProxyServer
from tests.e2e.proxy.upstream import Upstream, make_upstream

T = TypeVar("T")
TOKEN = "run-token-0123456789abcdef"
# Most tests end with a refusal and its linger.
QUICK = Limits(linger_seconds=0.1, sweep_seconds=0.05)
SECRET = "sk-the-real-key-8c1f2d"


@dataclass
class MemoryGate:
    """A gate as a dictionary. Changing anything moves the generation, as a commit does."""

    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    passages: dict[tuple[str, int], Passage] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    asked: int = 0
    changes: int = 0

    async def admit(self, token: Secret) -> RunPass | Refusal:
        if token.reveal() not in self.tokens:
            return Refusal("run_token_invalid", "The run is over.", "start it again", 407)
        return RunPass("run_1")

    async def open(self, run: RunPass, host: str, port: int) -> Passage | Refusal:
        self.asked += 1
        passage = self.passages.get((host, port))
        return passage or Refusal("not_granted", f"{host} is not granted.", "ask for it: `authsome login`")

    def used(self, passage: Passage, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    def generation(self) -> int:
        return self.changes

    def allow(self, host: str, port: int, **changed: Any) -> None:
        passage = Passage(
            connection_id="con_1",
            host=host,
            port=port,
            headers=(("Authorization", Secret(f"Bearer {SECRET}")),),
            private_ok=True,
        )
        self.passages[host, port] = replace(passage, **changed)
        self.changes += 1

    def revoke(self, host: str, port: int) -> None:
        del self.passages[host, port]
        self.changes += 1


class LoopThread:
    """An event loop in a thread of its own, so that tests can be plain blocking code."""

    def __init__(self, new_loop: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop) -> None:
        self.loop = new_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def close(self) -> None:
        self.run(self._end_tasks())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    async def _end_tasks(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass
class Address:
    """Where a proxy and its provider are, possibly in another process, and how to talk to them."""

    port: int
    upstream_port: int
    ca: Path

    @property
    def origin(self) -> str:
        return f"https://localhost:{self.upstream_port}"

    @property
    def proxy_url(self) -> str:
        return f"http://run:{TOKEN}@127.0.0.1:{self.port}"

    def curl(self, *arguments: str, path: str = "/") -> subprocess.CompletedProcess[str]:
        command = ["curl", "-sS", "--max-time", "20", "--cacert", str(self.ca), "--noproxy", "", "-x"]
        command += [self.proxy_url, *arguments, self.origin + path]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=15)

    def say(self, data: bytes) -> bytes:
        """Send bytes to the proxy's own port and read until it closes."""
        with self.connect() as plain:
            plain.sendall(data)
            return read_all(plain)

    def open(self, target: str | None = None, *, token: str = TOKEN) -> tuple[socket.socket, bytes]:
        """A CONNECT and the head of its answer."""
        plain = self.connect()
        target = target or f"localhost:{self.upstream_port}"
        head = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{credentials(token)}\r\n"
        plain.sendall(head.encode("latin-1"))
        return plain, read_head(plain)

    def tunnel(self, *, name: str = "localhost") -> ssl.SSLSocket:
        """An open tunnel to the provider, TLS done."""
        plain, head = self.open()
        assert head.startswith(b"HTTP/1.1 200 "), head
        return ssl.create_default_context(cafile=str(self.ca)).wrap_socket(plain, server_hostname=name)

    def inside(self, data: bytes) -> bytes:
        """Send bytes inside a fresh tunnel and read until it closes."""
        with self.tunnel() as tls:
            tls.sendall(data)
            return read_all(tls)

    def eventually(self, holds: Callable[[], bool], seconds: float = 5) -> None:
        """Wait until it holds, and fail if it does not."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "it never came to hold"
            time.sleep(0.01)

    def get(self, path: str = "/", *headers: str, method: str = "GET", close: bool = True) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.upstream_port}", *headers]
        lines += ["Connection: close"] if close else []
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


@dataclass
class House(Address):
    """What most tests hold: all of it in this process."""

    upstream: Upstream
    gate: MemoryGate
    server: ProxyServer
    threads: LoopThread


def credentials(token: str = TOKEN) -> str:
    """The header that curl makes of the proxy's URL."""
    return f"Proxy-Authorization: Basic {base64.b64encode(f'run:{token}'.encode()).decode()}\r\n"


def read_all(sock: socket.socket) -> bytes:
    data = bytearray()
    with contextlib.suppress(ConnectionResetError, ssl.SSLEOFError):
        while piece := sock.recv(65536):
            data += piece
    return bytes(data)


def read_head(sock: socket.socket) -> bytes:
    """Exactly up to the blank line, so that TLS can begin behind it."""
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        piece = sock.recv(1)
        if not piece:
            break
        data += piece
    return data


def read_response(sock: socket.socket) -> tuple[bytes, bytes]:
    """One response with Content-Length: (head, body)."""
    head = read_head(sock)
    lines = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    length = int(lines[0].split(b":")[1]) if lines else 0
    body = b""
    while len(body) < length:
        body += sock.recv(length - len(body))
    return head, body


def problem(reply: bytes) -> dict[str, Any]:
    """The problem document of a refusal."""
    document: dict[str, Any] = json.loads(reply.partition(b"\r\n\r\n")[2])
    return document


@contextlib.contextmanager
def house(
    folder: Path,
    limits: Limits = QUICK,
    new_loop: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop,
) -> Iterator[House]:
    """Provider and proxy, running; the provider's host and port are granted."""
    upstream = make_upstream(folder / "provider")
    key, ca = folder / "gateway" / "ca.key", folder / "gateway" / "ca.pem"
    authority = load_or_create(key, ca, clock=SystemClock(), entropy=SystemEntropy())
    gate = MemoryGate()
    server = ProxyServer(gate, authority, extra_roots=upstream.roots, limits=limits)
    provider, gateway = LoopThread(), LoopThread(new_loop)
    try:
        provider.run(upstream.start())
        port = gateway.run(server.start("127.0.0.1", 0))
        gate.allow("localhost", upstream.port)
        yield House(port, upstream.port, ca, upstream, gate, server, gateway)
    finally:
        gateway.run(server.stop(0))
        provider.run(upstream.stop())
        gateway.close()
        provider.close()
