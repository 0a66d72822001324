"""The simulator refuses, takes and forgets what PostHog does (the texts are PostHog's own)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from authsome.testing.posthog import PostHogSimulator

UUID = "0b8e7f0e-3c0d-5d8a-9f0a-0d4f2f0c9a11"


@pytest.fixture
def posthog() -> Iterator[PostHogSimulator]:
    with PostHogSimulator() as simulator:
        yield simulator


def event(**changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "event": "principal_registered",
        "distinct_id": "prn_1",
        "uuid": UUID,
        "timestamp": "2026-03-01T10:00:00.000001Z",
        "properties": {"principal_id": "prn_1", "$ip": "0.0.0.0", "$geoip_disable": True},
    }
    whole.update(changes)
    return {name: value for name, value in whole.items() if value is not ...}


def post(posthog: PostHogSimulator, *events: Any, path: str = "/batch/", **envelope: Any) -> httpx.Response:
    body = {"api_key": posthog.key, "batch": list(events)} | envelope
    return httpx.post(posthog.url + path, content=json.dumps(body).encode())


def test_a_well_formed_batch_is_taken(posthog: PostHogSimulator) -> None:
    answer = post(posthog, event())
    assert (answer.status_code, answer.json()) == (200, {"status": "Ok"})
    assert [(e.name, e.distinct_id, str(e.uuid)) for e in posthog.events] == [
        ("principal_registered", "prn_1", UUID)
    ]


def test_the_path_works_without_its_slash(posthog: PostHogSimulator) -> None:
    assert post(posthog, event(), path="/batch").status_code == 200


def test_gzip_is_known_by_its_bytes_not_by_the_header(posthog: PostHogSimulator) -> None:
    body = gzip.compress(json.dumps({"api_key": posthog.key, "batch": [event()]}).encode())
    assert httpx.post(posthog.url + "/batch/", content=body).status_code == 200
    assert len(posthog.taken) == 1
    assert posthog.holding("principal_registered"), "the record is searched unpacked"


@pytest.mark.parametrize(
    ("bad", "text"),
    [
        (event(event=""), "event submitted with an empty event name"),
        (event(event=...), "failed to parse request: missing field `event`"),
        (event(distinct_id=...), "event submitted without a distinct_id"),
        (event(distinct_id="  "), "event submitted without a distinct_id"),
        (event(distinct_id=None), "event submitted without a distinct_id"),
        (event(uuid="not-a-uuid"), "failed to parse request: UUID parsing failed"),
        (event(timestamp=17), "failed to parse request: timestamp"),
        (event(properties=[]), "failed to parse request: properties"),
        (event(properties={"$cookieless_mode": "yes"}), "failed to parse request: $cookieless_mode"),
        (event(properties={"big": "x" * 1_000_001}), "maximum event size exceeded"),
        ("not an object", "failed to parse request"),
    ],
)
def test_one_bad_event_refuses_the_whole_batch(posthog: PostHogSimulator, bad: Any, text: str) -> None:
    answer = post(posthog, event(), bad, event())
    assert answer.status_code == 400
    assert answer.text.startswith(text)
    assert posthog.taken == []


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", "failed to parse request"),
        (b"{", "failed to parse request"),
        (b'{"api_key": "phc_simulated", "batch": [NaN]}', "failed to parse request"),
        (b"\x1f\x8b\x08 this is not gzip", "failed to decode request"),
        (gzip.compress(b"{}" * 1000, mtime=0)[:20], "failed to decode request"),
        (b'{"api_key": "phc_simulated", "batch": []}', "request holds no event"),
    ],
)
def test_a_body_that_cannot_be_read_is_a_400(posthog: PostHogSimulator, body: bytes, text: str) -> None:
    answer = httpx.post(posthog.url + "/batch/", content=body)
    assert (answer.status_code, answer.text[: len(text)]) == (400, text)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (None, "event submitted without an api_key"),
        ("", "event submitted without an api_key"),
        ("   ", "API key is not valid: empty"),
        ("phx_personal", "API key is not valid: personal_api_key"),
        ("k" * 65, "API key is not valid: too_long"),
        ("phc_ö", "API key is not valid: not_ascii"),
        ("phc_\0", "API key is not valid: null_byte"),
    ],
)
def test_a_malformed_key_is_a_401(posthog: PostHogSimulator, key: str | None, text: str) -> None:
    answer = post(posthog, event(), api_key=key)
    assert (answer.status_code, answer.text) == (401, text)


def test_a_list_of_events_with_two_keys_is_a_401(posthog: PostHogSimulator) -> None:
    body = json.dumps([event(token="phc_a"), event(token="phc_b")])
    answer = httpx.post(posthog.url + "/e/", content=body.encode())
    assert (answer.status_code, answer.text) == (401, "batch submitted with inconsistent api_key values")


def test_a_wrong_key_gets_200_and_the_events_are_gone(posthog: PostHogSimulator) -> None:
    assert post(posthog, event(), api_key="phc_another").status_code == 200
    assert (posthog.taken, posthog.vanished) == ([], 1)


def test_an_exceeded_quota_gets_200_and_the_events_are_gone(posthog: PostHogSimulator) -> None:
    posthog.quota_exceeded = True
    assert post(posthog, event()).json() == {"status": "Ok"}
    assert (posthog.taken, posthog.vanished) == ([], 1)


def test_too_large_a_body_is_a_413_packed_or_not(posthog: PostHogSimulator) -> None:
    large = b" " * (20 * 1024 * 1024 + 1)
    assert httpx.post(posthog.url + "/batch/", content=large).status_code == 413
    assert httpx.post(posthog.url + "/batch/", content=gzip.compress(large)).status_code == 413


def test_another_method_is_a_405_and_another_path_a_404(posthog: PostHogSimulator) -> None:
    assert httpx.put(posthog.url + "/batch/", content=b"{}").status_code == 405
    assert httpx.post(posthog.url + "/i/v1/general/events", content=b"{}").status_code == 404
    assert httpx.get(posthog.url + "/").text == "capture"


def test_a_long_distinct_id_is_cut_and_a_number_becomes_text(posthog: PostHogSimulator) -> None:
    post(posthog, event(distinct_id="x" * 300), event(distinct_id=7), event(distinct_id="a\0b"))
    assert [e.distinct_id for e in posthog.taken] == ["x" * 200, "7", "a\N{REPLACEMENT CHARACTER}b"]


def test_a_single_event_is_taken_at_its_own_path(posthog: PostHogSimulator) -> None:
    body = json.dumps(event(api_key=posthog.key))
    assert httpx.post(posthog.url + "/i/v0/e/", content=body.encode()).status_code == 200
    assert len(posthog.taken) == 1
