"""A code from the terminal or the page, typed elsewhere, also while the server is started anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from authsome.testing.stage import StepFailed
from tests.e2e.oauth.place import Place


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place(tmp_path_factory.mktemp("device"), device=True)
    made.set_client()
    made.provider.server.devices.interval = timedelta(seconds=1)
    yield made
    made.close()


def test_the_terminal_shows_the_code_and_goes_on_when_it_was_used(place: Place) -> None:
    waiting = place.stage.begin("login", "acme", "--flow", "device_code", "--connection", "typed")
    assert waiting.line_with("/device") == f"{place.provider.url}/device"
    code = waiting.line_with("WDJB-")
    place.provider.server.devices.decide(code)
    waiting.finish()
    made = next(one for one in place.stage.ask("connections", "list") if one["name"] == "typed")
    assert (made["flow"], made["state"], made["is_renewed"]) == ("device_code", "connected", True)
    place.journey.onboard(place.stage, label="a", connection_ids=[made["id"]])
    assert place.ask(("GET", "/me"))[0][0] == 200


def test_a_session_outlives_the_server(place: Place) -> None:
    waiting = place.stage.begin("login", "acme", "--flow", "device_code", "--connection", "restart")
    code = waiting.line_with("WDJB-")
    place.stage.run("down")
    place.provider.server.devices.decide(code)
    place.stage.run("up")
    waiting.finish()


def test_a_person_who_says_no_is_said_to_have(place: Place) -> None:
    options = ("--flow", "device_code", "--connection", "never")
    waiting = place.stage.begin("login", "acme", *options)
    place.provider.server.devices.decide(waiting.line_with("WDJB-"), allow=False)
    with pytest.raises(StepFailed, match="access was not allowed"):
        waiting.finish()


def test_an_agent_gets_a_link_and_its_principal_the_code(place: Place, tmp_path: Path) -> None:
    agent, person = place.agent_only(tmp_path), place.journey.person
    started = json.loads(
        agent.run("login", "acme", "--flow", "device_code", "--connection", "asked", "--no-wait", "--json")
    )
    assert (started["state"], started["user_code"]) == ("pending", None)
    page = person.submit(started["url"], [("decision", "connect")])
    codes = [one.user_code for one in place.provider.server.devices.given.values()]
    code = next(one for one in codes if one in page.text)
    assert f"{place.provider.url}/device" in page.text
    assert page.headers["refresh"] == "5"
    assert code in person.open(started["url"]).text
    place.provider.server.devices.decide(code)
    shown = place.until(lambda: person.open(started["url"]).text, lambda text: code not in text)
    assert "is connected" in shown
    log = (place.stage.home / "server" / "server.log").read_text()
    for secret in (code, *place.provider.server.devices.given, *place.provider.server.access):
        assert secret not in log
