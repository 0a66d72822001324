"""How long our sender waits: as long as the host asks, else longer with each failure, partly by chance."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.utils import format_datetime

import pytest

from authsome.kit.ids import SystemEntropy
from authsome.store.transactions import Store
from authsome.telemetry.relay import Pace
from authsome.testing.clock import SeededEntropy, SimulatedClock
from authsome.testing.posthog import Answer, PostHogSimulator
from tests.contract.posthog.relaying import log_ins, record, relay_to, relaying, running, until, who
from tests.contract.posthog.sender_rules.sending import PATIENT, database_url, rests, sink_to, until_noted

__all__ = ["database_url"]
APIS = pytest.mark.parametrize("api", ["v0", "v1"])
PACE = Pace()


@APIS
@pytest.mark.parametrize("status", [408, 429, 500, 503])
async def test_retry_after_in_seconds_is_honoured(
    consented: Store, posthog: PostHogSimulator, api: str, status: int
) -> None:
    posthog.next(Answer(status=status, retry_after="777"))
    async with relaying(consented, sink_to(api, consented, posthog), pace=PATIENT):
        assert rests(await until_noted(consented)) == 777
    assert len(posthog.requests) == 1


@APIS
async def test_retry_after_as_a_date_is_honoured(
    consented: Store, posthog: PostHogSimulator, clock: SimulatedClock, api: str
) -> None:
    moment = format_datetime(clock.now() + timedelta(minutes=20), usegmt=True)
    posthog.next(Answer(status=503, retry_after=moment))
    async with relaying(consented, sink_to(api, consented, posthog), pace=PATIENT):
        assert rests(await until_noted(consented)) == pytest.approx(1200, abs=2)


@pytest.mark.parametrize(("asked", "waited"), [("9999999", 3600), ("0", 100), ("soon", 100), ("-5", 100)])
async def test_no_host_puts_us_off_for_more_than_an_hour_or_hurries_us(
    consented: Store, posthog: PostHogSimulator, asked: str, waited: float
) -> None:
    posthog.next(Answer(status=429, retry_after=asked))
    async with relaying(consented, sink_to("v0", consented, posthog), pace=PATIENT):
        assert waited / 2 <= rests(await until_noted(consented)) <= waited


async def test_what_the_host_asked_of_one_server_binds_the_others_that_run(
    consented: Store, posthog: PostHogSimulator
) -> None:
    await record(consented, *log_ins(1))
    posthog.next(Answer(status=429, retry_after="77"))
    standby = relay_to(sink_to("v0", consented, posthog), consented, holder="standby")
    async with relaying(consented, sink_to("v0", consented, posthog)):
        await until_noted(consented)
    async with running(standby):
        await asyncio.sleep(0.2)
        assert len(posthog.requests) == 1
    async with relaying(consented, sink_to("v0", consented, posthog), holder="started later"):
        await until(posthog, lambda p: who(p) == ["prn_0"])


def test_waits_double_from_a_second_to_five_minutes_and_half_of_each_is_chance() -> None:
    for failures in range(1, 40):
        longest = min(300.0, 2.0 ** (failures - 1))
        wait = PACE.retry(failures, after=None, entropy=SystemEntropy())
        assert longest / 2 <= wait <= longest


def test_servers_that_failed_together_do_not_come_back_together() -> None:
    waits = {PACE.retry(12, after=None, entropy=SeededEntropy(seed)) for seed in range(20)}
    assert len(waits) == 20
    assert max(waits) - min(waits) > 60


def test_a_host_that_asks_for_more_gets_it_and_one_that_asks_for_less_does_not() -> None:
    assert PACE.retry(1, after=900.0, entropy=SystemEntropy()) == 900.0
    assert PACE.retry(12, after=1.0, entropy=SystemEntropy()) >= 150.0


def test_a_paused_lane_is_probed_once_an_hour() -> None:
    assert PACE.probe == 3600.0
