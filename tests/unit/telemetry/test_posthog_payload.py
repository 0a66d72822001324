"""The wire form of a fact, and what is not let out at the last door."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from authsome.telemetry.sink import Outgoing, PersonChange
from authsome.telemetry.sinks.posthog import payload
from authsome.testing.posthog.contract import capture
from tests.unit.telemetry.facts import HANDLE, NOON, PRINCIPAL

UUID = "0b8e7f0e-3c0d-5d8a-9f0a-0d4f2f0c9a11"
REGISTERED = Outgoing(
    position=7,
    event_id="evt_1",
    uuid=UUID,
    name="principal_registered",
    occurred_at=NOON.replace(microsecond=1),
    distinct_id=PRINCIPAL,
    personless=False,
    fields={"principal_id": PRINCIPAL, "role": "admin"},
    person=PersonChange(set={"kind": "principal", "role": "admin"}, unset=("old",)),
)


def test_a_fact_and_what_it_changes_in_its_person_are_two_events() -> None:
    fact, change = payload.wire_events(REGISTERED)
    constants = {"$lib": "authsome", "$ip": "0.0.0.0", "$geoip_disable": True}
    assert fact == {
        "event": "principal_registered",
        "distinct_id": PRINCIPAL,
        "uuid": UUID,
        "timestamp": "2026-03-01T12:00:00.000001Z",
        "properties": {"principal_id": PRINCIPAL, "role": "admin", **constants},
    }
    assert change["event"] == "$set"
    assert change["properties"] == {
        "$set": {"kind": "principal", "role": "admin"},
        "$unset": ["old"],
        **constants,
    }
    assert (change["timestamp"], change["distinct_id"]) == (fact["timestamp"], fact["distinct_id"])
    assert change["uuid"] == payload.wire_events(REGISTERED)[1]["uuid"] != UUID


def test_a_personless_fact_says_so() -> None:
    anonymous = replace(REGISTERED, distinct_id=HANDLE, personless=True, person=None)
    (event,) = payload.wire_events(anonymous)
    assert event["properties"]["$process_person_profile"] is False


def test_the_body_has_the_key_once_and_no_sent_at_and_is_taken() -> None:
    body = payload.body("phc_key", [REGISTERED, REGISTERED])
    assert body.count(b"phc_key") == 1
    assert b"sent_at" not in body
    assert len(capture(body).events) == 4


def test_the_same_facts_give_the_same_bytes() -> None:
    shuffled = replace(REGISTERED, fields=dict(reversed(list(REGISTERED.fields.items()))))
    assert payload.body("phc_key", [REGISTERED]) == payload.body("phc_key", [shuffled])


def test_what_people_see_lacks_only_the_key() -> None:
    seen, sent = json.loads(payload.render([REGISTERED])), json.loads(payload.body("phc_key", [REGISTERED]))
    assert seen["batch"] == sent["batch"]
    assert "phc_key" not in payload.render([REGISTERED]).decode()


def test_a_good_fact_meets_no_objection() -> None:
    assert payload.objection(REGISTERED) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": ""}, "name"),
        ({"name": "$identify"}, "name"),
        ({"name": "Principal Registered"}, "name"),
        ({"name": "a" * 201}, "name"),
        ({"distinct_id": ""}, "distinct_id"),
        ({"distinct_id": "ada@example.org"}, "distinct_id"),
        ({"distinct_id": "prn_" + "0" * 200}, "distinct_id"),
        ({"uuid": "no"}, "uuid"),
        ({"fields": {"note": "write to ada@example.org"}}, "note looks like an e-mail"),
        ({"fields": {"where": "see HTTPS://example.org/x"}}, "where looks like an e-mail or a URL"),
        ({"fields": {"note": "a\0b"}}, "null character"),
        ({"fields": {"rate": float("nan")}}, "finite"),
        ({"fields": {"list": ["a"]}}, "plain value"),
        ({"fields": {"note": "\ud800"}}, "not Unicode"),
        ({"fields": {"note": "x" * 950_000}}, "larger"),
    ],
)
def test_what_posthog_refuses_or_must_not_have_is_held_back(change: dict[str, Any], why: str) -> None:
    objection = payload.objection(replace(REGISTERED, **change))
    assert objection is not None
    assert why in objection
    assert "ada@" not in objection
