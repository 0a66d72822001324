"""The provider and the proxy that `bench.proxy` measures, each in a process of its own, on loopback with TLS.

The provider does as little as possible for an answer, so that the proxy is what is measured.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import uvloop

from authsome.kit.clock import SystemClock
from authsome.kit.ids import SystemEntropy
from authsome.kit.secret import Secret
from authsome.proxy.ca import CertificateAuthority, load_or_create
from authsome.proxy.gate import Outcome, Passage, Refusal, RunPass
from authsome.proxy.listen import ProxyServer

TOKEN = "bench-token"
KEY = "Bearer bench-key-0123456789"
BODY = b'{"ok":true,"text":"' + b"x" * 180 + b'"}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
    len(BODY),
    BODY,
)
BLOCK = b"\0" * 262_144
BLOB_BYTES = 512 * 1024 * 1024
EVENTS, EVENT_SECONDS = 20, 0.02


class Lean(asyncio.BufferedProtocol):
    """Reads into one buffer for all connections; by default uvloop's TLS allocates 256 KiB for each read."""

    BUFFER = memoryview(bytearray(65536))

    def get_buffer(self, sizehint: int) -> memoryview:
        return self.BUFFER

    def buffer_updated(self, nbytes: int) -> None:
        self.data_received(bytes(self.BUFFER[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """What arrived."""


class Provider(Lean):
    """Answers GET / at once, /blob with 512 MiB, /events with chunks that hold the time they were sent."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but its class
        self._left = 0
        self._full = False

    def data_received(self, data: bytes) -> None:
        path = data[4:10]
        if path == b"/blob ":
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % BLOB_BYTES)
            self._left = BLOB_BYTES
            self._pump()
        elif path == b"/event":
            self._transport.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            self._send_event(EVENTS)
        else:
            self._transport.write(ANSWER)

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self._pump()

    def _pump(self) -> None:
        while self._left and not self._full:
            self._transport.write(BLOCK)
            self._left -= len(BLOCK)

    def _send_event(self, left: int) -> None:
        if not left:
            self._transport.write(b"0\r\n\r\n")
            return
        event = b"data: %.9f\n\n" % time.perf_counter()
        self._transport.write(b"%x\r\n%b\r\n" % (len(event), event))
        asyncio.get_running_loop().call_later(EVENT_SECONDS, self._send_event, left - 1)


class OpenGate:
    """Lets everything pass that the benchmark asks for; what deciding costs is measured elsewhere."""

    async def admit(self, token: Secret) -> RunPass | Refusal:
        return RunPass("run_bench")

    async def open(self, run: RunPass, host: str, port: int) -> Passage | Refusal:
        headers = (("Authorization", Secret(KEY)),)
        return Passage(connection_id="con_bench", host=host, port=port, headers=headers, private_ok=True)

    def used(self, passage: Passage, outcome: Outcome) -> None:
        """Counting is the usage lane's business."""

    def generation(self) -> int:
        return 0


def authority(folder: Path) -> CertificateAuthority:
    return load_or_create(folder / "ca.key", folder / "ca.pem", clock=SystemClock(), entropy=SystemEntropy())


async def provider(folder: Path) -> int:
    context = authority(folder).context_for("localhost")
    server = await asyncio.get_running_loop().create_server(Provider, "127.0.0.1", 0, ssl=context)
    return int(server.sockets[0].getsockname()[1])


async def gateway(folder: Path) -> int:
    server = ProxyServer(OpenGate(), authority(folder), extra_roots=folder.parent / "provider" / "ca.pem")
    return await server.start("127.0.0.1", 0)


Starter = Callable[[Path], Coroutine[Any, Any, int]]


def _serve(start: Starter, folder: Path, tell: Connection) -> None:
    async def forever() -> None:
        tell.send(await start(folder))
        await asyncio.Event().wait()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(forever())


@contextmanager
def serving(start: Starter, folder: Path) -> Iterator[tuple[int, int]]:
    """(process id, port) of a server in a process of its own."""
    context = multiprocessing.get_context("spawn")
    hear, tell = context.Pipe()
    process = context.Process(target=_serve, args=(start, folder, tell), daemon=True)
    process.start()
    try:
        assert process.pid is not None
        yield process.pid, int(hear.recv())
    finally:
        process.kill()
        process.join()
