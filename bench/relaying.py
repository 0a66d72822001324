"""How many facts the relay sends in a second, to an HTTP host on this machine and to a file.

The baselines hand over the very bytes that the relay did, prepared beforehand, one request (or one synced
write) after another: what is left is the relay's own work of reading, projecting, checking and settling.
"""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

import httpx
import uvloop

from authsome.kit.ids import SystemEntropy
from authsome.kit.secret import Secret
from authsome.store.transactions import Store
from authsome.telemetry.consent import cursor_name, settle_consent
from authsome.telemetry.relay import Pace, Relay
from authsome.telemetry.sink import Outcome, Outgoing, Sink, Taken
from authsome.telemetry.sinks.file import FileSink
from authsome.telemetry.sinks.posthog.send import PostHogSink
from bench.facts import add_log_ins, empty_store
from bench.figure import Figure, Scale
from bench.servers import folder

AIM = 10_000
KEY = Secret("phc_bench")
ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"status":"Ok"}'


def run(scale: Scale) -> list[Figure]:
    with taker() as url, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_measure(url, facts=int(10_000 * scale.seconds), rounds=min(scale.rounds, 3)))


async def _measure(url: str, facts: int, rounds: int) -> list[Figure]:
    async with empty_store() as (store, clock):
        await settle_consent(store, sink="posthog", allowed=True)
        await add_log_ins(store, clock, facts, over=timedelta(days=1))
        with folder() as home:
            return [
                await _over_http(store, url, facts, rounds),
                await _to_a_file(store, home, facts, rounds),
            ]


async def _over_http(store: Store, url: str, facts: int, rounds: int) -> Figure:
    def made() -> PostHogSink:
        return PostHogSink(host=url, key=KEY, clock=store.clock)

    batches = await _batches(store, made(), facts)
    packed = [gzip.compress(made().render(batch), mtime=0) for batch in batches]

    async def post_prepared() -> None:
        async with httpx.AsyncClient(base_url=url) as client:
            for body in packed:
                (await client.post("/batch/", content=body)).raise_for_status()

    passes = [
        (await _relayed(store, made(), facts), facts / await _seconds(post_prepared)) for _ in range(rounds)
    ]
    return _figure(
        "to an HTTP host on this machine", passes, "posting the same bytes, prepared", facts, len(packed)
    )


async def _to_a_file(store: Store, home: Path, facts: int, rounds: int) -> Figure:
    def made() -> FileSink:
        path = home / "facts.jsonl"
        path.unlink(missing_ok=True)
        return FileSink(path)

    batches = await _batches(store, made(), facts)
    lines = [made().render(batch) for batch in batches]

    async def write_prepared() -> None:
        with (home / "bare.jsonl").open("wb", buffering=0) as file:
            for part in lines:
                file.write(part)
                os.fsync(file.fileno())

    passes = [
        (await _relayed(store, made(), facts), facts / await _seconds(write_prepared)) for _ in range(rounds)
    ]
    return _figure("to a file", passes, "writing and syncing the same lines, prepared", facts, len(lines))


def _figure(
    where: str, passes: Sequence[tuple[Pass, float]], against: str, facts: int, requests: int
) -> Figure:
    return Figure(
        what=f"facts relayed {where}",
        value=median(one.per_second for one, _ in passes),
        unit="/s",
        baseline=median(baseline for _, baseline in passes),
        against=against,
        aim=f"> {AIM:,} /s",
        note=f"{facts:,} facts in {requests} batches, "
        f"{median(one.worked for one, _ in passes):.0f} us of processor for each",
    )


@dataclass(frozen=True, slots=True)
class Pass:
    """How quick the relay was, and the microseconds of processor that a fact took it."""

    per_second: float
    worked: float


class Keeping:
    """A sink that keeps what it hands on, batch by batch, and says when so many facts were taken."""

    def __init__(self, sink: Sink, facts: int) -> None:
        self._sink = sink
        self._left = facts
        self.name, self.destination, self.needs_consent = sink.name, sink.destination, sink.needs_consent
        self.batches: list[Sequence[Outgoing]] = []
        self.done = asyncio.Event()

    def objection(self, fact: Outgoing) -> str | None:
        return self._sink.objection(fact)

    def render(self, facts: Sequence[Outgoing]) -> bytes:
        return self._sink.render(facts)

    async def send(self, facts: Sequence[Outgoing]) -> Outcome:
        outcome = await self._sink.send(facts)
        assert outcome == Taken(), outcome
        self.batches.append(facts)
        self._left -= len(facts)
        if self._left <= 0:
            self.done.set()
        return outcome

    async def close(self) -> None:
        await self._sink.close()


async def _batches(store: Store, sink: Sink, facts: int) -> list[Sequence[Outgoing]]:
    """What the relay hands to the sink; sent once, which also warms everything up."""
    keeping = Keeping(sink, facts)
    await _relayed(store, keeping, facts)
    return keeping.batches


async def _relayed(store: Store, sink: Sink, facts: int) -> Pass:
    """One pass from the start of the log to its end."""
    reader = cursor_name(sink.name)
    await store.keep(lambda books: books.cursors.open(reader))
    await store.keep(lambda books: books.cursors.set(reader, position=0, state={}))
    keeping = sink if isinstance(sink, Keeping) else Keeping(sink, facts)
    pace = Pace(poll=60.0, linger=0.0)
    relay = Relay(store, keeping, holder="bench", entropy=SystemEntropy(), pace=pace)

    async def until_sent() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(relay.run())
            await keeping.done.wait()
            relay.stop()

    worked = time.process_time()
    seconds = await _seconds(until_sent)
    return Pass(facts / seconds, (time.process_time() - worked) / facts * 1e6)


async def _seconds(work: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


@contextmanager
def taker() -> Iterator[str]:
    """The address of a process that takes every request and says what PostHog says."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_take, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join(10)


def _take(told: Connection) -> None:
    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(_Taker, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())


class _Taker(asyncio.Protocol):
    """Finds the end of each request and answers it."""

    def __init__(self) -> None:
        self._read = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, ended, rest = self._read.partition(b"\r\n\r\n")
        if not ended:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(rest) >= length:
            self._read = rest[length:]
            self._transport.write(ANSWER)
