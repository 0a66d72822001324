"""`authsome login` at a desk, over SSH and where nobody is: what it prints, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from authsome.testing.person import PageRefused
from tests.e2e.oauth.place import Place, links_of


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place(tmp_path_factory.mktemp("login"), client_credentials=True)
    made.set_client()
    yield made
    made.close()


def test_the_installations_own_client_needs_no_page_where_its_admin_is_signed_in(place: Place) -> None:
    said = place.stage.run("login", "acme", "--flow", "client_credentials", "--connection", "machine")
    assert "Connected: acme/machine." in said
    made = next(one for one in place.stage.ask("connections", "list") if one["name"] == "machine")
    place.journey.onboard(place.stage, label="a", connection_ids=[made["id"]])
    assert place.ask(("GET", "/me"))[0][0] == 200


def test_other_scopes_can_be_asked_for(place: Place) -> None:
    options = ("--flow", "authorization_code", "--connection", "narrow", "--scopes", "read files:list")
    waiting = place.stage.begin("login", "acme", *options)
    link = waiting.line_with("/connect/")
    page = place.journey.person.open(link)
    assert "files:list" in page.text
    away = links_of(place.journey.person.submit(link, [("decision", "connect")]).text)
    asked = next(one for one in away if "/authorize?" in one)
    assert dict(parse_qsl(urlsplit(asked).query))["scope"] == "read files:list"
    place.come_back(asked)
    waiting.finish()


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--scopes", 'quo"te'), "scopes_invalid"),
        (("--scopes", " "), "scopes_invalid"),
        (("--flow", "api_key"), "flow_unavailable"),
    ],
)
def test_what_cannot_be_is_said_before_anybody_opens_a_page(
    place: Place, options: tuple[str, ...], error: str
) -> None:
    done = place.stage.attempt("login", "acme", "--connection", "never", *options, "--json")
    assert (done.returncode, json.loads(done.stderr)["error"]) == (2, error)


def test_where_nobody_comes_it_ends_and_its_link_with_it(place: Place) -> None:
    options = ("--connection", "never", "--flow", "authorization_code", "--timeout", "1")
    done = place.stage.attempt("login", "acme", *options)
    assert done.returncode == 7
    link = next(line.strip() for line in done.stderr.splitlines() if "/connect/" in line)
    assert done.stdout == ""
    with pytest.raises(PageRefused, match="410"):
        place.journey.person.open(link)


def test_a_script_may_only_want_the_link(place: Place) -> None:
    started = place.stage.ask(
        "login", "acme", "--connection", "later", "--flow", "authorization_code", "--no-wait"
    )
    assert (started["state"], started["flow"]) == ("pending", "authorization_code")
    assert place.journey.person.open(started["url"]).status_code == 200


def test_an_agent_asks_and_its_admin_decides_on_the_page(place: Place, tmp_path: Path) -> None:
    agent = place.agent_only(tmp_path)
    waiting = agent.begin("login", "acme", "--flow", "client_credentials", "--connection", "asked")
    link = waiting.line_with("/connect/")
    page = place.journey.person.open(link)
    assert "own client" in page.text
    answer = place.journey.person.submit(link, [("decision", "connect")], page=page)
    assert "is connected" in answer.text
    waiting.finish()
