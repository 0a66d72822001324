"""What a principal with two connections pays for those of ten thousand others: nothing, it should be."""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from authsome.cli.process.doors import open_api
from authsome.cli.process.sockets import bind
from authsome.identity.signature import Message
from authsome.proxy.gate import Passage, RunPass
from authsome.proxy.registry_gate import RegistryGate
from authsome.runtime.build import build
from authsome.server.app import create_app
from authsome.server.config import ServerConfig
from bench.connected.fill import HOST, Somebody, fill
from bench.figure import Figure, Scale, middle_half
from bench.postgres import fresh_database, postgres
from bench.servers import folder
from bench.signed import Agent, signature

FEW, MANY = 10, 10_000
AIM = "no growth, < 1.3x"


@dataclass(frozen=True, slots=True)
class Serving:
    """A server of some size, and who asks it."""

    port: int
    authority: str
    gate: RegistryGate
    somebody: Somebody


def run(scale: Scale) -> list[Figure]:
    figures = []
    with folder() as home, postgres() as cluster:
        for name, urls in (
            ("SQLite", ("", "")),
            ("PostgreSQL", (fresh_database(cluster, "few"), fresh_database(cluster, "many"))),
        ):
            figures += asyncio.run(_figures(name, home / name, urls, scale))
    return figures


async def _figures(name: str, home: Path, urls: tuple[str, str], scale: Scale) -> list[Figure]:
    async with AsyncExitStack() as stack:
        few = await stack.enter_async_context(_serving(home / "few", urls[0], FEW))
        many = await stack.enter_async_context(_serving(home / "many", urls[1], MANY))
        listed, looked = [], []
        for _ in range(scale.rounds + 1):
            listed.append([await _list(one, scale.repeats // 4) for one in (few, many)])
            looked.append([await _look(one, scale.repeats // 4) for one in (few, many)])
        size = [len(await asyncio.to_thread(_ask, one)) for one in (few, many)]
    against = f"the same with {FEW} principals and {FEW * 10} connections"
    return [
        _figure(f"a principal's two connections listed by the API, {name}", "ms", listed[1:], against),
        _figure(f"a connection looked up by the proxy, {name}", "ms", looked[1:], against),
        Figure(
            what=f"the list's size, {name}",
            value=size[1],
            unit="bytes",
            baseline=size[0],
            against=against,
            note="two of their own and three that another shares",
        ),
    ]


def _figure(what: str, unit: str, rounds: list[list[float]], against: str) -> Figure:
    ratios = [many / few for few, many in rounds]
    return Figure(
        what=what,
        value=median(many for _, many in rounds),
        unit=unit,
        baseline=median(few for few, _ in rounds),
        against=against,
        aim=AIM,
        note=f"half of {len(rounds)} rounds differ by {middle_half(ratios)}x",
        paired=median(ratios),
    )


@asynccontextmanager
async def _serving(home: Path, url: str, principals: int) -> AsyncIterator[Serving]:
    listeners = bind("127.0.0.1", 0)
    port = listeners[0].getsockname()[1]
    config = ServerConfig(home=home, port=port, database_url=url)
    async with build(config) as runtime:
        somebody = await fill(runtime, principals)
        async with open_api(create_app(runtime), listeners):
            yield Serving(port, f"localhost:{port}", RegistryGate(runtime), somebody)


async def _list(one: Serving, times: int) -> float:
    """Milliseconds of a signed request over the loopback, asked from another thread."""
    return await asyncio.to_thread(_list_here, one, times)


def _list_here(one: Serving, times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        _ask(one)
        taken.append((time.perf_counter() - began) * 1_000)
    return median(taken)


def _ask(one: Serving) -> bytes:
    return asked(one.port, one.authority, one.somebody.terminal)


def asked(port: int, authority: str, terminal: Agent) -> bytes:
    """The answer's body."""
    message = Message(method="GET", authority=authority, path="/api/connections")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = signature(terminal.key, message) | {"Host": authority}
    connection.request("GET", message.path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200, body[:200]
    return body


async def _look(one: Serving, times: int) -> float:
    """Milliseconds of the gate's decision, secret opened, as after every commit."""
    run, taken = RunPass(one.somebody.run.id, one.somebody.run), []
    for _ in range(times):
        began = time.perf_counter()
        found = await one.gate.open(run, HOST, 443)
        taken.append((time.perf_counter() - began) * 1_000)
        assert isinstance(found, Passage), found
    return median(taken)
