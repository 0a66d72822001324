"""Erasing from the terminal: a running agent is refused at once, and PostHog forgets, kill or no kill."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from authsome.testing.person import Person
from authsome.testing.posthog import PostHogSimulator
from authsome.testing.posthog.private import PERSONAL_KEY, PROJECT_ID
from tests.e2e.cli.house import PASSWORD, House
from tests.support.waiting import eventually

ZOE, LABEL = "zoe.marker@example.org", "marker-of-zoes-laptop"


@pytest.fixture
def posthog() -> Iterator[PostHogSimulator]:
    with PostHogSimulator() as simulator:
        yield simulator


@pytest.fixture
def watched(tmp_path: Path, posthog: PostHogSimulator) -> Iterator[House]:
    """Ada's server, which sends to PostHog and has a personal key."""
    made = House(
        tmp_path,
        AUTHSOME_ENV="prod",
        AUTHSOME_DO_NOT_TRACK="0",
        AUTHSOME_POSTHOG_HOST=posthog.url,
        AUTHSOME_POSTHOG_API_KEY=posthog.key,
        AUTHSOME_POSTHOG_PERSONAL_API_KEY=PERSONAL_KEY,
        AUTHSOME_POSTHOG_PROJECT_ID=PROJECT_ID,
    )
    made.start()
    made.set_up()
    made.sign_in()
    yield made
    made.close()


def zoe_joins(house: House) -> str:
    """Zoe has an account and an agent with a telling label; its handle."""
    link = house.ask("principals", "invite")["url"]
    zoe = Person(house.base_url)
    again = [("password", PASSWORD), ("password_again", PASSWORD)]
    zoe.submit(link, [("email", ZOE), ("display_name", "Zoe"), *again])
    made = house.at(house.agents / "zoe", "onboard", "--no-wait", "--json", "--label", LABEL, check=True)
    told = _json(made.stdout)
    page = zoe.submit(told["claim_url"], [("code", told["code"])])
    zoe.submit(told["claim_url"], [("password", PASSWORD), ("decision", "claim")], page=page)
    zoe.close()
    return str(told["handle"])


def receipt(house: House) -> dict[str, Any]:
    """The one there is."""
    (one,) = house.ask("principals", "erasures")
    return dict(one)


def test_a_person_is_erased_here_and_at_posthog_though_the_server_is_killed_between(
    watched: House, posthog: PostHogSimulator
) -> None:
    handle = zoe_joins(watched)
    eventually(lambda: handle in posthog.persons, what="Zoe's agent at PostHog")
    [zoe_id] = [one["id"] for one in watched.ask("principals") if one["email"] == ZOE]
    posthog.private.keys = {}  # nobody's key is good just now
    url = watched.ask("principals", "erase", ZOE)["url"]
    watched.ada.submit(url, [("password", PASSWORD)])
    stuck = eventually(
        lambda: (told := receipt(watched)["posthog"])["because"] and told, what="PostHog's refusal"
    )
    assert stuck["state"] == "waiting"
    assert "Personal API key" in stuck["because"]
    watched.kill()
    posthog.private.keys = {PERSONAL_KEY: frozenset({"person:write", "query:read"})}
    watched.start()
    eventually(lambda: handle not in posthog.persons, what="the deletion at PostHog")
    assert zoe_id not in posthog.persons
    posthog.run_deletions()
    done = eventually(lambda: (one := receipt(watched))["posthog"]["verified_at"] and one, within=60)
    assert done["posthog"]["events_left"] == 0
    assert (done["subject"], done["destroyed"]["identities"]) == (zoe_id, 1)
    gone = {zoe_id, handle}
    assert [event.name for event in posthog.taken if event.distinct_id in gone] == []
    nothing_is_left_in_the_files(watched)


def nothing_is_left_in_the_files(house: House) -> None:
    """Not in a page that was freed, nor in the write-ahead log."""
    house.command("down", check=True)
    for file in (house.home / "server").glob("*.db*"):
        for marker in (ZOE, LABEL):
            assert marker.encode() not in file.read_bytes(), file.name
    house.start()


def test_what_is_left_to_do_by_hand_is_said(watched: House, posthog: PostHogSimulator) -> None:
    handle = zoe_joins(watched)
    eventually(lambda: handle in posthog.persons, what="Zoe's agent at PostHog")
    watched.command("down", check=True)
    del watched.environment["AUTHSOME_POSTHOG_PERSONAL_API_KEY"]
    watched.start()
    url = watched.ask("principals", "erase", ZOE)["url"]
    said = watched.ada.open(url).text
    assert "AUTHSOME_POSTHOG_PERSONAL_API_KEY is not set" in said
    watched.ada.submit(url, [("password", PASSWORD)])
    told = eventually(lambda: (one := receipt(watched)["posthog"])["because"] and one)
    assert told["because"] == "AUTHSOME_POSTHOG_PERSONAL_API_KEY is not set"
    assert handle in told["by_hand"]["distinct_ids"]
    shown = watched.command("principals", "erasures", check=True)
    assert f"by hand, delete in PostHog ({posthog.url})" in shown.stderr
    assert handle in shown.stderr
    assert all(not request.path.startswith("/api/") for request in posthog.requests)


def test_an_erased_agents_running_command_is_refused_at_its_next_request(
    settled: House, tmp_path: Path
) -> None:
    [demo] = [one["id"] for one in settled.ask("connections") if one["provider"] == "demo"]
    handle = settled.onboard(demo, home=tmp_path)
    go, ask = tmp_path / "go", f"curl -sS -D - {settled.api.url}/hello; echo"
    script = f"{ask}; until [ -e {go} ]; do sleep 0.05; done; {ask}"
    run = settled.begin("run", "--", "sh", "-c", script, **settled.apart(tmp_path))
    run.word("you are known here")
    url = settled.ask("identities", "erase", handle)["url"]
    settled.ada.submit(url, [("password", PASSWORD)])
    go.touch()
    _, said = run.finish()
    assert "x-authsome-error: " in said.lower()
    assert "you are known here" not in said
    assert settled.at(tmp_path, "run", "--", "true").returncode == 125
    assert settled.command("identities", "erase", handle).returncode == 5
    again = settled.at(tmp_path, "onboard", "--no-wait", "--json")
    assert _json(again.stderr)["error"] == "identity_ended"


def test_without_a_name_the_command_is_about_oneself(settled: House) -> None:
    url = settled.ask("principals", "erase")["url"]
    assert url == f"{settled.base_url}/erase"
    assert "Erase yourself?" in settled.ada.open(url).text
    assert settled.command("principals", "erase", "nobody@example.org").returncode == 5


def _json(text: str) -> Any:
    return json.loads(text)
