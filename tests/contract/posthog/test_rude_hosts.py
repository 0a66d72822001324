"""A host that hangs, drips, floods or talks nonsense costs the time of one request, and no memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from authsome.kit.secret import Secret
from authsome.principal.events import PrincipalLoggedIn
from authsome.telemetry.project import project
from authsome.telemetry.sink import Outcome, PauseLane, RetryLater
from authsome.telemetry.sinks.posthog.send import LONGEST_ANSWER, PostHogSink
from authsome.telemetry.sinks.posthog.send_v1 import PostHogV1Sink
from authsome.testing.clock import SimulatedClock
from tests.support import rude
from tests.unit.telemetry.facts import INSTALLATION, fact

WITHIN = 1.5
SENDERS = {"v0": PostHogSink, "v1": PostHogV1Sink}
FLOODS = (rude.endless_head, rude.endless_patience, rude.huge_body)
WATCHED = 8 * LONGEST_ANSWER  # room for the client's own buffers; a flood is many times as much
# An answer that was never finished says nothing. What came whole and is not PostHog's pauses the lane.
PAUSES = {rude.redirect_loop, rude.huge_body}


@pytest.fixture(params=SENDERS)
def make(request: pytest.FixtureRequest) -> type[PostHogSink]:
    return SENDERS[request.param]


async def send(make: type[PostHogSink], url: str, *, within: float = WITHIN) -> tuple[Outcome, float]:
    sink = make(host=url, key=Secret("phc_x"), clock=SimulatedClock(), within=within)
    parcel = [project(fact(PrincipalLoggedIn.name), installation_id=INSTALLATION)]
    started = time.monotonic()
    try:
        return await sink.send(parcel), time.monotonic() - started
    finally:
        await sink.close()


@pytest.mark.parametrize("manners", rude.MANNERS, ids=lambda manners: manners.__name__)
async def test_it_is_sent_again_or_the_lane_pauses_and_that_in_time(
    make: type[PostHogSink], manners: rude.Manners
) -> None:
    with rude.rude_host(manners) as host:
        outcome, took = await send(make, f"http://127.0.0.1:{host.port}")
    assert isinstance(outcome, PauseLane if manners in PAUSES else RetryLater), outcome
    assert took < WITHIN + 1
    assert host.guests == 1, "no redirect is followed, and nothing is tried again at once"


async def test_a_host_that_never_finishes_its_handshake_is_a_time_out(make: type[PostHogSink]) -> None:
    with rude.rude_host(rude.deaf_after_request) as host:
        outcome, took = await send(make, f"https://127.0.0.1:{host.port}")
    assert outcome == RetryLater("time-out")
    assert took < WITHIN + 1


async def test_a_host_that_lets_nobody_in_is_a_time_out(make: type[PostHogSink]) -> None:
    with rude.full_house() as port:
        outcome, took = await send(make, f"http://127.0.0.1:{port}")
    assert outcome == RetryLater("time-out")
    assert took < WITHIN + 1


@pytest.mark.parametrize("manners", FLOODS, ids=lambda manners: manners.__name__)
async def test_a_flood_is_not_kept(make: type[PostHogSink], manners: rude.Manners) -> None:
    tracemalloc.start()
    try:
        with rude.rude_host(manners) as host:
            await send(make, f"http://127.0.0.1:{host.port}")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < WATCHED, f"{most:,} bytes"


@pytest.mark.parametrize("manners", FLOODS, ids=lambda manners: manners.__name__)
async def test_a_flood_is_cut_off_and_not_waited_out(make: type[PostHogSink], manners: rude.Manners) -> None:
    with rude.rude_host(manners) as host:
        outcome, _ = await send(make, f"http://127.0.0.1:{host.port}", within=30.0)
    assert outcome != RetryLater("time-out")


async def test_a_proxy_of_the_environment_is_used_for_what_is_not_here(
    make: type[PostHogSink], monkeypatch: pytest.MonkeyPatch
) -> None:
    with rude.rude_host(rude.hanging_up) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "not.example")
        outcome, _ = await send(make, "http://posthog.example")
        assert isinstance(outcome, RetryLater)
        assert proxy.guests == 1
        await send(make, "http://127.0.0.1:9")
        assert proxy.guests == 1
