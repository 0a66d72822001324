"""What the relay's tests share: facts in a real store, a relay that runs, and waiting for PostHog."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from authsome.kit.caller import server_caller
from authsome.kit.event import Event
from authsome.kit.ids import SystemEntropy
from authsome.kit.secret import Secret
from authsome.principal.events import PrincipalLoggedIn
from authsome.principal.model import SessionKind
from authsome.store.transactions import Store
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.telemetry.relay import Pace, Relay
from authsome.telemetry.sink import Sink
from authsome.telemetry.sinks.posthog.send import PostHogSink
from authsome.testing.posthog import PostHogSimulator
from tests.support.log import position_all

SINK = "posthog"
READER = "relay:posthog"
PACE = Pace(poll=0.05, standby=0.05, linger=0.0, first_retry=0.02, longest_retry=0.1, probe=0.1, stop=0.5)


async def record(store: Store, *events: Event) -> None:
    """Commit each fact in a unit of work of its own, and give it its position."""
    caller = server_caller(store.installation_id)
    for event in events:
        await store.write(caller, lambda work, event=event: work.record(event))  # type: ignore[misc]
    await position_all(store)


def log_ins(count: int, *, first: int = 0) -> list[Event]:
    """As many facts, each of another principal."""
    return [
        PrincipalLoggedIn(principal_id=f"prn_{n}", session_id=f"ses_{n}", kind=SessionKind.BROWSER)
        for n in range(first, first + count)
    ]


def sink_to(store: Store, posthog: PostHogSimulator, *, within: float = 5.0) -> PostHogSink:
    return PostHogSink(host=posthog.url, key=Secret(posthog.key), clock=store.clock, within=within)


def relay_to(
    sink: Sink, store: Store, *, holder: str = "first", pace: Pace = PACE, key: PseudonymKey | None = None
) -> Relay:
    return Relay(store, sink, holder=holder, entropy=SystemEntropy(), pace=pace, key=key)


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[Relay]:
    """The relay runs while the block does, and is stopped properly."""
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        relay.stop()
        await asyncio.wait_for(task, 10)


@asynccontextmanager
async def relaying(
    store: Store, sink: Sink, *, holder: str = "first", pace: Pace = PACE, key: PseudonymKey | None = None
) -> AsyncIterator[Relay]:
    """A new relay that runs while the block does."""
    async with running(relay_to(sink, store, holder=holder, pace=pace, key=key)) as relay:
        yield relay


async def until(posthog: PostHogSimulator, condition: Callable[[PostHogSimulator], bool]) -> None:
    """Wait until the condition holds after some request; fail after some seconds."""
    assert await asyncio.to_thread(posthog.wait_until, condition, seconds=10.0), "PostHog never got there"


async def until_position(store: Store, position: int) -> None:
    """Wait until the relay's cursor is there."""
    async with asyncio.timeout(10):
        while await position_of(store) < position:
            await asyncio.sleep(0.01)


async def position_of(store: Store) -> int:
    cursor = await store.keep(lambda books: books.cursors.find(READER))
    return cursor.position if cursor else 0


async def head_of(store: Store) -> int:
    return await store.read(lambda view: view.event_log.head())


def who(posthog: PostHogSimulator) -> list[str]:
    """The distinct_ids of the log-ins that PostHog has, once duplicates are merged."""
    return [e.distinct_id for e in posthog.events if e.name == "principal_logged_in"]
