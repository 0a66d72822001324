"""What agents and people do through each door is counted alike: proxy, command line, API and page."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from authsome.client.keys import load_key
from authsome.kit.caller import server_caller
from authsome.store.database import sqlite_url
from authsome.store.event_log import LoggedEvent
from authsome.telemetry.usage.report import report_closed_hours
from authsome.testing.clock import SimulatedClock
from tests.e2e.cli.house import House
from tests.support.databases import store_at
from tests.support.log import all_events
from tests.support.signed import signature

GET = "import urllib.request, sys; urllib.request.urlopen(sys.argv[1]).read()"
MARKER = "kept-nowhere-5b1c"


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, list[LoggedEvent]]:
    """A house in which everything was used, now closed, and what its log says an hour later."""
    house = House(tmp_path_factory.mktemp("doors"))
    house.start()
    house.set_up()
    house.sign_in()
    house.onboard(house.connect())
    try:
        use_every_door(house)
    finally:
        house.close()
    return house, asyncio.run(an_hour_later(house.home))


def use_every_door(house: House) -> None:
    for _ in range(3):
        house.command("whoami", check=True)
    house.command("run", "--", sys.executable, "-c", GET, f"{house.api.url}/hello", check=True)
    house.command("principals", check=True)
    for _ in range(4):
        house.ada.open("/")
    house.ada.open(f"/agents?{MARKER}=1")
    url = f"{house.base_url}/api/whoami?q={MARKER}"
    for folder, times in (("identity", 2), ("terminal", 5)):
        key = load_key(house.home / folder)
        assert key is not None
        for _ in range(times):
            assert httpx.get(url, headers=signature(key, "GET", url)).status_code == 200
    agent = load_key(house.home / "identity")
    assert agent is not None
    refused = f"{house.base_url}/api/principals"
    assert httpx.get(refused, headers=signature(agent, "GET", refused)).status_code == 403
    assert httpx.get(refused).status_code == 401
    httpx.get(f"{house.base_url}/api/health").raise_for_status()


async def an_hour_later(home: Path) -> list[LoggedEvent]:
    """The log once the server's hours are over. The server is down, so that this is its only reader."""
    clock = SimulatedClock(datetime.now(UTC) + timedelta(hours=1))
    store = await store_at(sqlite_url(home / "server"), clock)
    try:
        while await report_closed_hours(store, server_caller(store.installation_id)):
            pass
        return await all_events(store)
    finally:
        store.close()


def counts(events: list[LoggedEvent]) -> Counter[tuple[Any, ...]]:
    """By who, door and outcome, over all hours: the test may run across a full hour."""
    found: Counter[tuple[Any, ...]] = Counter()
    for event in events:
        if event.name in ("requests_served", "credentials_used"):
            fields = event.fields
            found[event.subject_kind, fields["surface"], fields["outcome"]] += fields["count"]
    return found


def test_every_door_is_counted_for_agents_and_people(used: tuple[House, list[LoggedEvent]]) -> None:
    found = counts(used[1])
    assert found["identity", "proxy", "delivered"] == 1
    assert found["identity", "api", "succeeded"] == 2
    assert found["identity", "api", "refused"] == 1
    assert found["principal", "api", "succeeded"] == 5
    assert found["principal", "page", "succeeded"] >= 5
    assert found["identity", "cli", "succeeded"] >= 3 + 2  # whoami, and a run's begin and end
    assert found["principal", "cli", "succeeded"] >= 1
    assert {kind for kind, *_ in found} == {"identity", "principal"}


def test_whose_it_was_is_in_every_event(used: tuple[House, list[LoggedEvent]]) -> None:
    served = [event for event in used[1] if event.name == "requests_served"]
    claimed = next(event for event in used[1] if event.name == "identity_claimed")
    principal = claimed.fields["principal_id"]
    for event in served:
        assert event.fields.get("principal_id") in (principal, None)  # None: it asked before it was claimed
        if event.subject_kind == "identity":
            assert event.subject_id == event.fields["identity_handle"] == claimed.subject_id


def test_nothing_else_about_a_request_is_kept(used: tuple[House, list[LoggedEvent]]) -> None:
    house, events = used
    for event in events:
        if event.name == "requests_served":
            assert set(event.fields) <= {
                *("usage_key", "identity_handle", "did", "principal_id", "surface", "outcome", "count")
            }
    for path in (house.home / "server").rglob("*"):
        if path.is_file():
            assert MARKER.encode() not in path.read_bytes(), path.name
