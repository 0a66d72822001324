"""What `authsome telemetry catalogue` prints is all there is, and says for each event what it is for."""

from __future__ import annotations

from authsome.analytics.catalogued import catalogued
from authsome.analytics.dashboards import DASHBOARDS
from authsome.telemetry import catalogue

FOUND = {event["name"]: event for event in catalogued()}


def test_every_event_is_listed_with_each_of_its_fields() -> None:
    assert {name: set(one["fields"]) for name, one in FOUND.items()} == {
        name: set(event.privacy) for name, event in catalogue.events().items()
    }


def test_an_event_has_tiles_or_says_why_not() -> None:
    for name, event in FOUND.items():
        assert bool(event["tiles"]) != event["purpose"].startswith("audit only: "), name


def test_each_tile_is_named_by_the_events_it_shows() -> None:
    named = {tile for event in FOUND.values() for tile in event["tiles"]}
    assert named == {
        f"{plan.name}/{tile.key}" for plan in DASHBOARDS for tile in plan.tiles if tile.metric.events
    }


def test_a_field_says_its_privacy_and_its_type() -> None:
    claimed = FOUND["identity_claimed"]
    assert claimed["fields"]["principal_id"] == {"privacy": "pseudonym", "type": "string"}
    assert {field["privacy"] for field in claimed["fields"].values()} <= {"public", "pseudonym", "local"}
    assert FOUND["principal_registered"]["old_name"] == "account_registered"
