"""Times, duplicates, persons and addresses, as PostHog's ingestion keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from authsome.testing.posthog import PostHogSimulator, read_record

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
UUID = "0b8e7f0e-3c0d-5d8a-9f0a-0d4f2f0c9a11"


class Noon:
    """A clock that stands at noon."""

    def now(self) -> datetime:
        return NOON


@pytest.fixture
def posthog(tmp_path: Path) -> Iterator[PostHogSimulator]:
    with PostHogSimulator(clock=Noon(), record=tmp_path / "record.jsonl") as simulator:
        yield simulator


def post(posthog: PostHogSimulator, *events: dict[str, Any], **envelope: Any) -> None:
    whole = [{"event": "principal_registered", "distinct_id": "prn_1", "uuid": UUID} | e for e in events]
    body = {"api_key": posthog.key, "batch": whole} | envelope
    assert httpx.post(posthog.url + "/batch/", content=json.dumps(body).encode()).status_code == 200


@pytest.mark.parametrize(
    ("timestamp", "stored"),
    [
        ("2026-03-01T10:00:00.000001Z", NOON - timedelta(hours=2) + timedelta(microseconds=1)),
        ("2026-03-01T10:00:00", NOON - timedelta(hours=2)),
        ("2026-03-01T11:00:00+01:00", NOON - timedelta(hours=2)),
        ("yesterday", NOON),
        ("2026-03-02T10:59:59Z", NOON + timedelta(hours=22, minutes=59, seconds=59)),
        ("2026-03-02T11:00:01Z", NOON),
        ("1999-01-01T00:00:00Z", datetime(1999, 1, 1, tzinfo=UTC)),
    ],
)
def test_the_timestamp_is_kept_when_it_can_be(
    posthog: PostHogSimulator, timestamp: str, stored: datetime
) -> None:
    post(posthog, {"timestamp": timestamp})
    assert posthog.taken[0].timestamp == stored


def test_sent_at_shifts_the_time_that_is_stored_and_so_defeats_the_merge(posthog: PostHogSimulator) -> None:
    at = {"timestamp": "2026-03-01T00:00:01Z"}
    post(posthog, at, sent_at="2026-03-01T12:00:00Z")
    post(posthog, at, sent_at="2026-03-01T12:00:05Z")
    assert [e.timestamp.day for e in posthog.taken] == [1, 28]
    assert len(posthog.events) == 2


def test_sent_at_may_be_declared_void(posthog: PostHogSimulator) -> None:
    at = {"timestamp": "2026-03-01T00:00:01Z", "properties": {"$ignore_sent_at": True}}
    post(posthog, at, sent_at="2026-03-01T12:00:05Z")
    assert posthog.taken[0].timestamp == datetime(2026, 3, 1, 0, 0, 1, tzinfo=UTC)


def test_equal_uuid_day_event_and_distinct_id_are_one_event(posthog: PostHogSimulator) -> None:
    at = {"timestamp": "2026-03-01T10:00:00Z"}
    post(posthog, at, at)
    post(posthog, at | {"timestamp": "2026-03-01T10:00:07Z", "properties": {"last": True}})
    assert len(posthog.taken) == 3
    assert [e.properties.get("last") for e in posthog.events] == [True]


@pytest.mark.parametrize(
    "change",
    [{"timestamp": "2026-02-28T10:00:00Z"}, {"event": "identity_claimed"}, {"distinct_id": "prn_2"}],
)
def test_a_change_of_day_event_or_distinct_id_is_another_event(
    posthog: PostHogSimulator, change: dict[str, Any]
) -> None:
    at = {"timestamp": "2026-03-01T10:00:00Z"}
    post(posthog, at, at | change)
    assert len(posthog.events) == 2


def test_a_missing_uuid_is_made_up_so_a_retry_is_a_second_event(posthog: PostHogSimulator) -> None:
    at = {"timestamp": "2026-03-01T10:00:00Z", "uuid": ""}
    post(posthog, at)
    post(posthog, at)
    assert len(posthog.events) == 2


def test_person_properties_are_set_set_once_and_unset_in_the_order_of_arrival(
    posthog: PostHogSimulator,
) -> None:
    post(posthog, {"properties": {"$set": {"role": "admin", "kind": "principal"}, "$set_once": {"first": 1}}})
    post(posthog, {"properties": {"$set": {"role": "member"}, "$set_once": {"first": 2}, "$unset": ["kind"]}})
    assert posthog.persons["prn_1"].properties == {"role": "member", "first": 1}


def test_set_beside_the_properties_counts_and_unset_beside_them_does_nothing(
    posthog: PostHogSimulator,
) -> None:
    post(posthog, {"$set": {"role": "admin"}}, {"$unset": ["role"]})
    assert posthog.persons["prn_1"].properties == {"role": "admin"}


def test_a_personless_event_makes_no_person_and_changes_none(posthog: PostHogSimulator) -> None:
    post(posthog, {"properties": {"$process_person_profile": False, "$set": {"role": "admin"}}})
    assert posthog.persons == {}
    assert posthog.taken[0].personless


def test_the_senders_address_is_stored_unless_the_event_names_one(posthog: PostHogSimulator) -> None:
    post(posthog, {}, {"properties": {"$ip": ""}}, {"properties": {"$ip": "0.0.0.0"}})
    assert [e.properties["$ip"] for e in posthog.taken] == ["127.0.0.1", "127.0.0.1", "0.0.0.0"]


def test_the_place_is_looked_up_unless_that_is_disabled(posthog: PostHogSimulator) -> None:
    post(posthog, {}, {"properties": {"$geoip_disable": True}})
    assert ["$geoip_country_code" in e.properties for e in posthog.taken] == [True, False]


def test_a_merge_is_noticed(posthog: PostHogSimulator) -> None:
    post(posthog, {"event": "$identify", "properties": {"$anon_distinct_id": "agent"}})
    assert [e.name for e in posthog.merges] == ["$identify"]


def test_the_record_on_disk_holds_each_request_whole(posthog: PostHogSimulator, tmp_path: Path) -> None:
    post(posthog, {"properties": {"label": "ada@example.org"}})
    recorded = read_record(tmp_path / "record.jsonl")
    assert [(r.method, r.path, r.status, r.body) for r in recorded] == [
        (r.method, r.path, r.status, r.body) for r in posthog.requests
    ]
    assert recorded[0].holds("ADA@example.org")
    assert not recorded[0].holds("bob@example.org")


def test_a_group_is_a_column_by_its_type_and_the_sixth_type_is_not_counted(posthog: PostHogSimulator) -> None:
    for number in range(6):
        post(posthog, {"uuid": None, "properties": {"$groups": {f"type{number}": f"key{number}"}}})
    assert [event.groups for event in posthog.taken] == [{n: f"key{n}"} for n in range(5)] + [{}]
    assert posthog.groups == {}


def test_a_personless_event_is_in_no_group(posthog: PostHogSimulator) -> None:
    post(posthog, {"properties": {"$groups": {"principal": "prn_1"}, "$process_person_profile": False}})
    assert posthog.taken[0].groups == {}


def test_only_groupidentify_makes_a_group_that_is_listed(posthog: PostHogSimulator) -> None:
    said = {"$group_type": "principal", "$group_key": "prn_1", "$group_set": {"role": "admin"}}
    post(posthog, {"event": "$groupidentify", "properties": said})
    assert posthog.groups == {("principal", "prn_1"): {"role": "admin"}}
