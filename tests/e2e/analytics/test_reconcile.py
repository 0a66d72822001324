"""Did everything arrive? Asked by the real command line of a real server, and mended on its page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from authsome.testing.journey import Journey
from authsome.testing.posthog import PostHogSimulator
from authsome.testing.posthog.private import PERSONAL_KEY, PROJECT_ID
from authsome.testing.stage import Stage
from tests.support.waiting import eventually

PASSWORD = "correct horse battery"
DIFFERS = 9


@pytest.fixture
def posthog() -> Iterator[PostHogSimulator]:
    with PostHogSimulator() as simulator:
        yield simulator


@pytest.fixture
def ada(posthog: PostHogSimulator, tmp_path: Path) -> Iterator[Journey]:
    stage = Stage(
        tmp_path / "home",
        AUTHSOME_PORT="0",
        AUTHSOME_PROXY_PORT="0",
        AUTHSOME_ENV="prod",
        AUTHSOME_DO_NOT_TRACK="0",
        AUTHSOME_POSTHOG_API_KEY=posthog.key,
        AUTHSOME_POSTHOG_HOST=posthog.url,
        AUTHSOME_POSTHOG_PERSONAL_API_KEY=PERSONAL_KEY,
        AUTHSOME_POSTHOG_PROJECT_ID=PROJECT_ID,
    )
    journey = Journey(stage, email="ada@example.org", password=PASSWORD)
    journey.begin()
    journey.sign_in()
    yield journey
    journey.person.close()
    stage.run("down")


def test_what_is_damaged_is_found_and_mended_on_the_page(ada: Journey, posthog: PostHogSimulator) -> None:
    stage = ada.stage
    wait_for_log_ins(posthog, 2)
    agrees = stage.attempt("analytics", "reconcile")
    assert (agrees.returncode, agrees.stdout.splitlines()[-1]) == (0, "Nothing differs.")

    posthog.plant(lambda taken: [event for event in taken if event.name != "principal_registered"])
    add_session(stage)
    found = stage.attempt("analytics", "reconcile")
    assert found.returncode == DIFFERS
    told = [line.split()[:3] for line in found.stdout.splitlines()]
    assert ["missing", "principal_logged_in", "1"] in told
    assert ["lost", "principal_registered", "1"] in told

    link = stage.attempt("analytics", "reconcile", "--repair", "--no-browser")
    url = next(line.strip() for line in link.stdout.splitlines() if "/analytics/repair?" in line)
    assert "To send again" in ada.person.open(url).text
    assert "It is under way" in ada.person.submit(url, [("password", PASSWORD)]).text
    wait_for_log_ins(posthog, 3)
    eventually(
        lambda: "principal_registered" in {e.name for e in posthog.events}, within=20, what="the lost fact"
    )
    assert stage.attempt("analytics", "reconcile").returncode == 0
    said = next(one for one in stage.ask("analytics", "inventory") if one["name"] == "repair_confirmed")
    assert said["count"] == 1


def test_backfill_writes_what_rows_lack_and_nothing_else(ada: Journey, posthog: PostHogSimulator) -> None:
    stage = ada.stage
    wait_for_log_ins(posthog, 2)
    assert "nothing to write" in stage.run("analytics", "backfill", "--no-browser")
    add_session(stage)
    asked = stage.ask("analytics", "backfill")
    assert asked["missing"] == 1
    ada.person.submit(asked["url"], [("password", PASSWORD)])
    wait_for_log_ins(posthog, 3)
    assert stage.ask("analytics", "backfill") == {"missing": 0, "url": None}


def test_the_inventory_says_what_became_of_each_event(ada: Journey, posthog: PostHogSimulator) -> None:
    wait_for_log_ins(posthog, 2)
    found = {one["name"]: one for one in ada.stage.ask("analytics", "inventory")}
    registered = found["principal_registered"]
    assert registered["old_name"] == "account_registered"
    assert registered["use_cases"] == ["principal.register"]
    assert registered["shown_by"] == ["adoption/principals", "adoption/retention_principals"]
    assert registered["count"] == 1
    assert registered["last_delivered"] == registered["last_seen"]
    assert found["identity_claimed"]["count"] == 0
    assert "recorded by" in ada.stage.run("analytics", "inventory")


def has(posthog: PostHogSimulator, name: str) -> bool:
    return name in {event.name for event in posthog.events}


def wait_for_log_ins(posthog: PostHogSimulator, count: int) -> None:
    def there() -> bool:
        return sum(event.name == "principal_logged_in" for event in posthog.events) == count

    eventually(there, within=20, what=f"{count} log-ins at PostHog")


def add_session(stage: Stage) -> None:
    """A row of which the log knows nothing, as an import would leave."""
    with sqlite3.connect(stage.home / "server" / "registry.db") as database:
        database.execute(
            "INSERT INTO browser_session (id, kind, principal_id, token_hash, created_at, expires_at) "
            "SELECT 'ses_imported', kind, principal_id, 'none', created_at + 1000, expires_at "
            "FROM browser_session WHERE kind = 'browser' LIMIT 1"
        )
    database.close()
