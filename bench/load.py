"""The load generator: a process of its own that keeps connections busy, each with one request at a time.

It is uvloop with a protocol that does no more than find the end of an answer, so that on a machine of two
cores the server is what is measured. Requests are made by a function in that process, before the clock runs.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from statistics import median, quantiles

import uvloop

from bench.processes import processor_seconds, starved_seconds
from bench.servers import Target

LIMIT_SECONDS = 120


class AnswerUnexpected(Exception):
    """The server answered something else than what is being measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """`make` builds the requests. They end with `seconds`, or with the last request unless they `repeat`.

    Any other status than `status` ends it all, but for 503: such answers are counted apart.
    """

    target: Target
    clients: int
    seconds: float
    make: Callable[[], list[bytes]]
    status: int = 200
    repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of a load, refused requests (503) aside.

    `p50` and `p99` are in milliseconds; `busy` is the generator's share of a core.

    `worked` is the server's processor time for a request, in milliseconds: on a busy machine it says more
    than the clock does. `starved` is how long its threads waited for a processor meanwhile: where it is more
    than they worked, the machine was measured and not the server. None where the system does not tell.
    """

    requests: int
    refused: int
    seconds: float
    p50: float
    p99: float
    busy: float
    worked: float | None
    starved: float | None

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def note(self) -> str:
        parts = [f"p50 {self.p50:.2f} ms, p99 {self.p99:.2f} ms"]
        if self.refused:
            parts.append(f"{self.refused} REFUSED with 503")
        if self.worked is not None:
            parts.append(f"{self.worked:.2f} ms of processor each")
        if self.starved is not None:
            parts.append(f"{self.starved:.2f} ms waiting for one")
        return ", ".join([*parts, f"generator {self.busy:.0%} of a core"])


Put = Callable[[Load], Taken]


@contextmanager
def generator() -> Iterator[Put]:
    """A process that puts loads on servers, one after another. Each raises `AnswerUnexpected`."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        yield lambda load: pool.submit(run, load).result(LIMIT_SECONDS)


def run(load: Load) -> Taken:
    """Run the load here."""
    requests = load.make()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(load, requests))


async def _run(load: Load, requests: list[bytes]) -> Taken:
    supply = cycle(requests) if load.repeat else iter(requests)
    loop = asyncio.get_running_loop()
    clients = [_Client(supply, load.status, loop.create_future()) for _ in range(load.clients)]
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", load.target.port)  # type: ignore[misc]
    before = _server(load.target.pid)
    began, own = time.perf_counter(), time.process_time()
    try:
        for client in clients:
            client.begin(began + load.seconds)
        await asyncio.gather(*(client.done for client in clients))
    finally:
        for client in clients:
            client.close()
    seconds, busy = time.perf_counter() - began, time.process_time() - own
    after = _server(load.target.pid)
    waits = [wait * 1_000 for client in clients for wait in client.waits]
    if not waits:
        raise AnswerUnexpected("every request was refused with 503")
    p99 = quantiles(waits, n=100)[98] if len(waits) > 1 else waits[0]
    worked, starved = (
        None if old is None or new is None else (new - old) / len(waits) * 1e3
        for old, new in zip(before, after, strict=True)
    )
    return Taken(
        requests=len(waits),
        refused=sum(client.refused for client in clients),
        seconds=seconds,
        p50=median(waits),
        p99=p99,
        busy=busy / seconds,
        worked=worked,
        starved=starved,
    )


def _server(pid: int) -> tuple[float | None, float | None]:
    return processor_seconds(pid), starved_seconds(pid)


class _Client(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, supply: Iterator[bytes], status: int, done: asyncio.Future[None]) -> None:
        self.waits: list[float] = []
        self.refused = 0
        self.done = done
        self._supply = supply
        self._start = b"HTTP/1.1 %d " % status
        self._answer = b""
        self._until = self._sent = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def begin(self, until: float) -> None:
        self._until = until
        self._next()

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        end = self._answer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._answer[:end].lower()
        length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
        if len(self._answer) < end + 4 + int(length or 0):
            return
        if self._answer.startswith(self._start):
            self.waits.append(time.perf_counter() - self._sent)
        elif self._answer.startswith(b"HTTP/1.1 503 "):
            self.refused += 1
        else:
            self._fail(self._answer[:500].decode("latin-1"))
            return
        self._answer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(f"the connection ended: {exc}")

    def _next(self) -> None:
        self._sent = time.perf_counter()
        request = next(self._supply, None) if self._sent < self._until else None
        if request is not None:
            self._transport.write(request)
        elif not self.done.done():
            self.done.set_result(None)

    def _fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(AnswerUnexpected(why))
