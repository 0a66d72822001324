"""With an answer for each event, one event's fate is not the others', and a try again is the same again."""

from __future__ import annotations

import asyncio
import gzip
import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from authsome.kit.secret import Secret
from authsome.store.transactions import Store
from authsome.telemetry.mode import Capture, Mode, TelemetrySettings, decide_mode
from authsome.telemetry.preview import preview
from authsome.telemetry.relay import RelayStatus, read_status
from authsome.telemetry.sinks.posthog.send_v1 import PostHogV1Sink
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import Answer, Judge, PostHogSimulator
from tests.contract.posthog.relaying import (
    SINK,
    head_of,
    log_ins,
    record,
    relaying,
    until_position,
    who,
)
from tests.support.databases import fresh_sqlite

PATH = "/i/v1/analytics/events"
SETTINGS = TelemetrySettings(env="prod", posthog_api_key=Secret("phc_simulated"), posthog_capture="v1")
DECISION = decide_mode(SETTINGS)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Only SQLite: what an answer means does not depend on the database."""
    return fresh_sqlite(tmp_path)


def sink_to(store: Store, posthog: PostHogSimulator) -> PostHogV1Sink:
    return PostHogV1Sink(host=posthog.url, key=Secret(posthog.key), clock=store.clock)


async def status(store: Store) -> RelayStatus:
    return await read_status(store, DECISION, sink=SINK)


async def until_nothing_waits(store: Store) -> None:
    async with asyncio.timeout(10):
        while (await status(store)).retrying:
            await asyncio.sleep(0.01)


async def test_facts_arrive_as_they_do_by_the_older_way(consented: Store, posthog: PostHogSimulator) -> None:
    await record(consented, *log_ins(3))
    async with relaying(consented, sink_to(consented, posthog)):
        await until_position(consented, await head_of(consented))
    assert {request.path for request in posthog.requests} == {PATH}
    assert who(posthog) == ["prn_0", "prn_1", "prn_2"]
    facts = {fact.uuid: fact for fact in await consented.read(lambda view: view.event_log.after(0, 100))}
    for event in posthog.events:
        fact = facts[str(event.uuid)]
        assert (event.name, event.timestamp) == (fact.name, fact.occurred_at)
        assert (event.properties["$ip"], event.properties["$lib"]) == ("0.0.0.0", "authsome")
    assert {e.personless for e in posthog.events if e.distinct_id.startswith("srv_")} == {True}
    assert not any("api_key" in request.json for request in posthog.requests)


async def test_only_what_was_put_off_is_sent_again(consented: Store, posthog: PostHogSimulator) -> None:
    await record(consented, *log_ins(5))
    posthog.next(Judge({"prn_1": "retry", "prn_3": "retry"}))
    async with relaying(consented, sink_to(consented, posthog)):
        await until_position(consented, await head_of(consented))
        await until_nothing_waits(consented)
    assert sorted(who(posthog)) == [f"prn_{n}" for n in range(5)]
    assert len(posthog.taken) == len(posthog.events)
    again = [event["distinct_id"] for request in posthog.requests[1:] for event in request.json["batch"]]
    assert again == ["prn_1", "prn_3"]
    assert (await status(consented)).dead_letters == 0


async def test_a_dropped_event_is_a_dead_letter_with_posthogs_reason(
    consented: Store, posthog: PostHogSimulator
) -> None:
    await record(consented, *log_ins(3))
    posthog.next(Judge({"prn_1": "drop"}))
    async with relaying(consented, sink_to(consented, posthog)):
        await until_position(consented, await head_of(consented))
    assert who(posthog) == ["prn_0", "prn_2"]
    found = await status(consented)
    assert [letter.reason for letter in found.latest_dead_letters] == ["refused: drop: judged"]
    assert len(posthog.requests) == 1


async def test_a_posthog_without_it_says_what_to_change(consented: Store, posthog: PostHogSimulator) -> None:
    posthog.always(Answer(status=404))
    async with relaying(consented, sink_to(consented, posthog)):
        async with asyncio.timeout(10):
            while (found := await status(consented)).paused is None:
                await asyncio.sleep(0.01)
    assert "unset AUTHSOME_POSTHOG_CAPTURE" in str(found.paused)


async def test_the_preview_is_what_is_sent(consented: Store, posthog: PostHogSimulator) -> None:
    await record(consented, *log_ins(2))
    shown = json.loads((await preview(consented, DECISION)).body)
    async with relaying(consented, sink_to(consented, posthog)):
        await until_position(consented, await head_of(consented))
    assert posthog.requests[0].json["batch"] == shown["batch"]


def test_a_setting_that_is_no_version_sends_nothing() -> None:
    assert (DECISION.mode, DECISION.capture) == (Mode.ON, Capture.V1)
    wrong = decide_mode(TelemetrySettings(env="prod", posthog_api_key=Secret("phc_x"), posthog_capture="v2"))
    assert wrong.mode is Mode.LOCAL
    assert "AUTHSOME_POSTHOG_CAPTURE" in wrong.because


def event(**changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "event": "principal_registered",
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, "one")),
        "distinct_id": "prn_1",
        "timestamp": "2026-03-01T10:00:00.000001Z",
        "options": {"process_person_profile": True},
        "properties": {"principal_id": "prn_1"},
    }
    whole.update(changes)
    return {name: value for name, value in whole.items() if value is not ...}


def post(posthog: PostHogSimulator, *events: Any, **headers: str | None) -> httpx.Response:
    sent = {
        "Authorization": f"Bearer {posthog.key}",
        "Content-Type": "application/json",
        "PostHog-Sdk-Info": "authsome/1",
        "PostHog-Attempt": "1",
        "PostHog-Request-Id": str(uuid.uuid5(uuid.NAMESPACE_URL, "request")),
        "PostHog-Request-Timestamp": "2026-03-01T10:00:00Z",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    body = json.dumps({"created_at": "2026-03-01T10:00:00Z", "batch": events}).encode()
    known = {name: value for name, value in sent.items() if value is not None}
    return httpx.post(posthog.url + PATH, content=body, headers=known)


@pytest.mark.parametrize(
    ("bad", "text"),
    [
        (event(uuid="none"), "invalid event uuid"),
        (event(), "duplicate event uuid"),
        (event(timestamp=...), "timestamp: expected a string"),
        (event(options={"process_person_profile": "false"}), "options.process_person_profile"),
        (event(properties=...), "missing field `properties`"),
    ],
)
def test_the_simulator_refuses_the_batch_for(posthog: PostHogSimulator, bad: Any, text: str) -> None:
    answer = post(posthog, event(), bad)
    assert answer.status_code == 400
    assert text in answer.text
    assert posthog.taken == []


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"distinct_id": "Anonymous"}, "invalid_distinct_id"),
        ({"distinct_id": "x" * 201}, "distinct_id_too_large"),
        ({"event": "x" * 201}, "event_name_too_long"),
        ({"event": ""}, "missing_event_name"),
        ({"timestamp": "yesterday"}, "invalid_event_timestamp"),
        ({"properties": []}, "malformed_event_properties"),
    ],
)
def test_the_simulator_drops_one_event_for(posthog: PostHogSimulator, bad: dict[str, Any], why: str) -> None:
    other = str(uuid.uuid5(uuid.NAMESPACE_URL, "other"))
    results = post(posthog, event(), event(uuid=other, **bad)).json()["results"]
    assert results[other] == {"result": "drop", "details": why}
    assert [str(one.uuid) for one in posthog.taken] == [event()["uuid"]]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Authorization": None}, 401),
        ({"Authorization": "Bearer phx_personal"}, 401),
        ({"Content_Type": "text/plain"}, 415),
        ({"PostHog_Attempt": "0"}, 400),
        ({"PostHog_Request_Id": "x"}, 400),
        ({"PostHog_Sdk_Info": None}, 400),
        ({"PostHog_Request_Timestamp": "now"}, 400),
        ({"Content_Encoding": "lzma"}, 415),
    ],
)
def test_the_simulator_refuses_headers(
    posthog: PostHogSimulator, headers: dict[str, str | None], code: int
) -> None:
    assert post(posthog, event(), **headers).status_code == code


def test_the_simulator_corrects_the_clock_unless_told_not_to(
    posthog: PostHogSimulator, clock: SimulatedClock
) -> None:
    at = "2025-12-01T10:00:00.000001Z"
    other = str(uuid.uuid5(uuid.NAMESPACE_URL, "other"))
    fixed = event(uuid=other, timestamp=at, options={"disable_skew_correction": True})
    post(posthog, event(timestamp=at), fixed, PostHog_Request_Timestamp="2025-12-20T00:00:00Z")
    corrected, kept = posthog.taken
    assert kept.timestamp.isoformat() == "2025-12-01T10:00:00.000001+00:00"
    assert corrected.timestamp - kept.timestamp > timedelta(days=1)


def test_the_simulator_reads_gzip_only_when_it_is_said(posthog: PostHogSimulator) -> None:
    packed = gzip.compress(json.dumps({"created_at": "2026-03-01T10:00:00Z", "batch": [event()]}).encode())
    headers = dict(post(posthog, event()).request.headers) | {"content-length": str(len(packed))}
    assert httpx.post(posthog.url + PATH, content=packed, headers=headers).status_code == 400
    headers["content-encoding"] = "gzip"
    assert httpx.post(posthog.url + PATH, content=packed, headers=headers).status_code == 200
