"""Each committed fact arrives exactly once after PostHog's merge, whatever happens on the way."""

from __future__ import annotations

import asyncio
import gzip
import time

from authsome.kit.ids import SystemEntropy
from authsome.kit.secret import Secret
from authsome.store.transactions import Store
from authsome.telemetry.mode import TelemetrySettings, decide_mode
from authsome.telemetry.preview import preview
from authsome.telemetry.relay import Pace, Relay, read_status
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import Answer, Hang, PostHogSimulator
from tests.contract.posthog.relaying import (
    PACE,
    READER,
    SINK,
    head_of,
    log_ins,
    position_of,
    record,
    relaying,
    sink_to,
    until,
    until_position,
    who,
)
from tests.support.log import all_events

DECISION = decide_mode(TelemetrySettings(env="prod", posthog_api_key=Secret("phc_simulated")))


async def test_every_fact_arrives_under_its_own_uuid_and_time(
    consented: Store, posthog: PostHogSimulator
) -> None:
    await record(consented, *log_ins(3))
    async with relaying(consented, sink_to(consented, posthog)):
        await until_position(consented, await head_of(consented))
    logged = {(e.uuid, e.occurred_at, e.name) for e in await all_events(consented)}
    assert {(str(e.uuid), e.timestamp, e.name) for e in posthog.events} <= logged
    assert who(posthog) == ["prn_0", "prn_1", "prn_2"]


async def test_a_crash_between_answer_and_cursor_sends_the_same_again(
    consented: Store, posthog: PostHogSimulator
) -> None:
    await record(consented, *log_ins(5))
    before = await position_of(consented)
    posthog.next(Hang(take=True))
    crashing = Relay(consented, sink_to(consented, posthog), holder="a", entropy=SystemEntropy(), pace=PACE)
    task = asyncio.create_task(crashing.run())
    await until(posthog, lambda p: len(who(p)) == 5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await position_of(consented) == before
    async with relaying(consented, sink_to(consented, posthog), holder="b"):
        await until_position(consented, await head_of(consented))
    twice = [e.key for e in posthog.taken]
    assert len(twice) == 2 * len(set(twice)) == 2 * len(posthog.events)


async def test_an_outage_delays_facts_and_loses_none(consented: Store, posthog: PostHogSimulator) -> None:
    posthog.stop()
    async with relaying(consented, sink_to(consented, posthog)):
        await record(consented, *log_ins(3))
        await asyncio.sleep(0.2)
        status = await read_status(consented, DECISION, sink=SINK)
        posthog.start()
        await until_position(consented, await head_of(consented))
    assert (status.paused, status.lag) == ("network: ConnectError", 4)
    assert len(who(posthog)) == 3


async def test_a_commit_wakes_the_relay(consented: Store, posthog: PostHogSimulator) -> None:
    async with relaying(consented, sink_to(consented, posthog), pace=Pace(poll=60, linger=0.0)) as relay:
        await until(posthog, lambda p: len(p.events) == 1)
        await until_position(consented, await head_of(consented))
        await record(consented, *log_ins(1))
        started = time.monotonic()
        await asyncio.to_thread(relay.wake)
        await until(posthog, lambda p: who(p) == ["prn_0"])
        assert time.monotonic() - started < 5


async def test_stopping_waits_no_three_seconds_for_a_hanging_host(
    consented: Store, posthog: PostHogSimulator
) -> None:
    await record(consented, *log_ins(1))
    posthog.always(Hang())
    relay = Relay(consented, sink_to(consented, posthog, within=60), holder="a", entropy=SystemEntropy())
    task = asyncio.create_task(relay.run())
    await until(posthog, lambda p: len(p.requests) == 1)
    started = time.monotonic()
    relay.stop()
    await task
    assert time.monotonic() - started < 3
    assert await position_of(consented) < await head_of(consented)


async def test_stopping_while_resting_is_immediate(consented: Store, posthog: PostHogSimulator) -> None:
    posthog.always(Answer(status=401))
    async with relaying(consented, sink_to(consented, posthog), pace=Pace()):
        await until(posthog, lambda p: len(p.requests) == 1)
        started = time.monotonic()
    assert time.monotonic() - started < 1


async def test_a_host_that_never_ends_its_answer_is_left(consented: Store, posthog: PostHogSimulator) -> None:
    await record(consented, *log_ins(1))
    posthog.next(Hang())
    async with relaying(consented, sink_to(consented, posthog, within=0.2)):
        await until(posthog, lambda p: who(p) == ["prn_0"])


async def test_two_servers_have_one_relay_and_the_other_takes_over(
    consented: Store, posthog: PostHogSimulator
) -> None:
    async with relaying(consented, sink_to(consented, posthog), holder="second"):
        await until(posthog, lambda p: len(p.requests) == 1)
        async with relaying(consented, sink_to(consented, posthog), holder="third"):
            await record(consented, *log_ins(5))
            await until_position(consented, await head_of(consented))
            await asyncio.sleep(0.2)
            assert len(posthog.taken) == len(posthog.events) == 6
    async with relaying(consented, sink_to(consented, posthog), holder="third"):
        await record(consented, *log_ins(1, first=5))
        await until(posthog, lambda p: len(who(p)) == 6)


async def test_a_killed_servers_work_is_taken_up_when_its_lease_has_run_out(
    consented: Store, posthog: PostHogSimulator, clock: SimulatedClock
) -> None:
    await record(consented, *log_ins(1))
    await consented.keep(lambda books: books.leases.take(READER, "killed", lasts=PACE.lease))
    async with relaying(consented, sink_to(consented, posthog)):
        await asyncio.sleep(0.2)
        assert posthog.requests == []
        clock.advance(PACE.lease)
        await until(posthog, lambda p: who(p) == ["prn_0"])


async def test_many_facts_travel_together(consented: Store, posthog: PostHogSimulator) -> None:
    caller_facts = log_ins(250)
    await record(consented, *caller_facts)
    async with relaying(consented, sink_to(consented, posthog)):
        await until_position(consented, await head_of(consented))
    assert [len(r.json["batch"]) for r in posthog.requests] == [200, 51]


async def test_the_preview_is_byte_for_byte_what_is_sent_but_for_the_key(
    consented: Store, posthog: PostHogSimulator
) -> None:
    await record(consented, *log_ins(3))
    seen = await preview(consented, DECISION)
    async with relaying(consented, sink_to(consented, posthog)):
        await until_position(consented, await head_of(consented))
    sent = gzip.decompress(posthog.requests[0].body)
    assert seen.body == sent.replace(posthog.key.encode(), "phc_…".encode())
    assert (seen.facts, seen.real) == (4, True)
    assert (await preview(consented, DECISION)).body == b""
