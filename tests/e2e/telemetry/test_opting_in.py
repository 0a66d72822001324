"""Opting in and out with a real server: what its environment says is what PostHog gets."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from authsome.testing.posthog import Answer, Hang, PostHogSimulator
from tests.support.server import RealServer
from tests.support.waiting import eventually

STARTED = "server_started"


@pytest.fixture
def posthog() -> Iterator[PostHogSimulator]:
    with PostHogSimulator() as simulator:
        yield simulator


def opted_in(posthog: PostHogSimulator, **settings: str) -> dict[str, str]:
    return {
        "AUTHSOME_ENV": "prod",
        "AUTHSOME_POSTHOG_API_KEY": posthog.key,
        "AUTHSOME_POSTHOG_HOST": posthog.url,
        "AUTHSOME_DO_NOT_TRACK": "0",
    } | settings


def starts(posthog: PostHogSimulator) -> int:
    return sum(event.name == STARTED for event in posthog.events)


def test_opting_in_sends_facts_and_says_where_to(posthog: PostHogSimulator, tmp_path: Path) -> None:
    with RealServer(tmp_path / "home", **opted_in(posthog)) as server:
        eventually(lambda: starts(posthog) == 1, within=20, what="the start's fact")
        assert posthog.url in server.log()
        assert posthog.key not in server.log()
    assert {e.distinct_id[:4] for e in posthog.events} == {"srv_"}
    assert posthog.persons == {}
    assert posthog.holding(str(tmp_path)) == []


def test_what_happened_while_opted_out_never_leaves(posthog: PostHogSimulator, tmp_path: Path) -> None:
    home = tmp_path / "home"
    for settings in (opted_in(posthog), opted_in(posthog, DO_NOT_TRACK="1"), opted_in(posthog)):
        before = starts(posthog)
        with RealServer(home, **settings):
            if "DO_NOT_TRACK" not in settings:
                eventually(lambda n=before: starts(posthog) > n, within=20, what="the start's fact")  # type: ignore[misc]
    assert starts(posthog) == 2


def test_a_hanging_posthog_does_not_hold_up_the_end(posthog: PostHogSimulator, tmp_path: Path) -> None:
    posthog.always(Hang())
    with RealServer(tmp_path / "home", **opted_in(posthog)) as server:
        eventually(lambda: len(posthog.requests) > 0, within=20, what="a request")
        started = time.monotonic()
        server.stop()
        took = time.monotonic() - started
    assert took < 6, f"{took:.1f} s: three for the request, the rest for processes to start and end"


def test_a_paused_lane_shows_in_the_health_answer_without_a_word_of_what_was_said(
    posthog: PostHogSimulator, tmp_path: Path
) -> None:
    posthog.always(Answer(status=401, text="the key phc_simulated is wrong"))
    with RealServer(tmp_path / "home", **opted_in(posthog)) as server:
        eventually(lambda: health(server)["paused"], within=20, what="the pause")
        found = health(server)
        said = server.command("status", check=True).stdout
    assert found == {"mode": "on", "lag": found["lag"], "paused": True, "dead_letters": 0, "file": None}
    assert found["lag"] > 0
    assert "sending is paused" in said
    assert "phc_" not in said


def health(server: RealServer) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{server.base_url}/api/health").json()["telemetry"]
    return found
