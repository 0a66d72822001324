"""The simulator fails in the ways that networks and services do."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from authsome.testing.posthog import Answer, Drop, Hang, Lie, PostHogSimulator, Redirect, Slow, read_record


@pytest.fixture
def posthog() -> Iterator[PostHogSimulator]:
    with PostHogSimulator() as simulator:
        yield simulator


def post(posthog: PostHogSimulator, *, timeout: float = 5.0) -> httpx.Response:
    body = {"api_key": posthog.key, "batch": [{"event": "run_started", "distinct_id": "prn_1"}]}
    return httpx.post(posthog.url + "/batch/", content=json.dumps(body).encode(), timeout=timeout)


def test_it_answers_as_told_once_and_then_behaves(posthog: PostHogSimulator) -> None:
    posthog.next(Answer(status=503, text="transient error, please retry", retry_after="7"))
    first, second = post(posthog), post(posthog)
    assert (first.status_code, first.headers["retry-after"]) == (503, "7")
    assert second.status_code == 200
    assert len(posthog.taken) == 1


def test_it_can_take_the_events_and_fail_all_the_same(posthog: PostHogSimulator) -> None:
    posthog.always(Answer(status=500, take=True))
    assert post(posthog).status_code == 500
    assert len(posthog.taken) == 1


def test_it_can_hang_and_stopping_it_does_not_wait(posthog: PostHogSimulator) -> None:
    posthog.next(Hang(take=True))
    with pytest.raises(httpx.ReadTimeout):
        post(posthog, timeout=0.2)
    assert len(posthog.taken) == 1
    started = time.monotonic()
    posthog.stop()
    assert time.monotonic() - started < 2


def test_it_can_hang_up_after_taking(posthog: PostHogSimulator) -> None:
    posthog.next(Drop(take=True))
    with pytest.raises(httpx.RemoteProtocolError):
        post(posthog)
    assert len(posthog.taken) == 1


def test_it_can_be_slow_lie_and_redirect(posthog: PostHogSimulator) -> None:
    posthog.next(Slow(seconds=0.1), Lie(), Redirect(location="http://127.0.0.1:9/"))
    assert post(posthog).elapsed.total_seconds() >= 0.1
    assert post(posthog).status_code == 200
    assert post(posthog).headers["location"] == "http://127.0.0.1:9/"
    assert (len(posthog.taken), posthog.vanished) == (1, 1)


def test_an_outage_keeps_the_port_and_what_was_taken(posthog: PostHogSimulator) -> None:
    post(posthog)
    posthog.stop()
    with pytest.raises(httpx.ConnectError):
        post(posthog)
    posthog.start()
    post(posthog)
    assert len(posthog.taken) == 2


def test_it_runs_as_a_process_and_prints_its_address(tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    command = [sys.executable, "-m", "authsome.testing.posthog", "--port", "0", "--record", str(record)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url, key = process.stdout.readline().split()
        body = {"api_key": key, "batch": [{"event": "run_started", "distinct_id": "prn_1"}]}
        httpx.post(url + "/batch/", content=json.dumps(body).encode()).raise_for_status()
        process.terminate()
        assert process.wait(timeout=10) == 0
    assert [r.json["batch"][0]["event"] for r in read_record(record)] == ["run_started"]
