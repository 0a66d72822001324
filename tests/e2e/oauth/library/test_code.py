"""The authorization code flow with PKCE, against Authlib's server and with a person at both pages."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from authsome.testing.person import PageRefused
from authsome.testing.stage import StepFailed
from tests.e2e.oauth.library.house import House
from tests.e2e.oauth.library.kept import CLIENT_ID, CLIENT_SECRET


@pytest.fixture(autouse=True)
def as_it_was(house: House) -> None:
    """What one test changed is no other's."""
    house.set(secret=CLIENT_SECRET, code_life=60, redirect_uri=f"{house.journey.base_url}/auth/callback")


def fails(house: House, name: str, *, decision: str = "allow", **changed: str) -> str:
    """What the person's page says of an answer, changed on the way; the command ends with an error."""
    waiting, away = house.leave(name)
    back = urlsplit(house.consent(away, decision))
    query = urlencode(dict(parse_qsl(back.query)) | changed)
    page = house.journey.person.open(back._replace(query=query).geturl()).text
    with pytest.raises(StepFailed):
        waiting.finish()
    assert name not in [one["name"] for one in house.stage.ask("connections", "list")]
    return page


def test_a_person_connects_it_and_an_agent_is_let_in(house: House, tmp_path: Path) -> None:
    made = house.connect("mine")
    assert (made["flow"], made["state"], made["is_renewed"]) == ("authorization_code", "connected", True)
    (code,) = house.look()["codes"].values()
    assert (code["code_challenge_method"], code["scope"], code["is_used"]) == ("S256", "read write", True)
    assert house.ask_as(house.agent("a", made, tmp_path)) == [200, None, None]
    (token,) = house.look()["tokens"]
    log = (house.stage.home / "server" / "server.log").read_text()
    for secret in (CLIENT_SECRET, *house.look()["codes"], token["access"], token["refresh"]):
        assert secret not in log


def test_its_code_is_worth_nothing_to_who_has_only_seen_it(house: House) -> None:
    """The library compares the verifier with the challenge; only the gateway can make it."""
    waiting, away = house.leave("seen")
    back = house.consent(away)
    form = {
        "grant_type": "authorization_code",
        "code": dict(parse_qsl(urlsplit(back).query))["code"],
        "redirect_uri": f"{house.journey.base_url}/auth/callback",
    }
    stolen = house.outside.post("/token", data=form, auth=(CLIENT_ID, CLIENT_SECRET))
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_request")
    guessed = house.outside.post(
        "/token", data=form | {"code_verifier": "a" * 43}, auth=(CLIENT_ID, CLIENT_SECRET)
    )
    assert (guessed.status_code, guessed.json()["error"]) == (400, "invalid_grant")
    house.journey.person.open(back)
    waiting.finish()


def test_an_answer_that_comes_twice_is_used_once(house: House) -> None:
    waiting, away = house.leave("once")
    back = house.consent(away)
    house.journey.person.open(back)
    waiting.finish()
    before = house.look()["asked"]
    with pytest.raises(PageRefused, match="403"):
        house.journey.person.open(back)
    assert house.look()["asked"] == before
    assert not house.look()["tokens"][-1]["is_taken_back"], "a second use would have ended all of it"


def test_a_no_on_its_page_is_a_no(house: House) -> None:
    assert "Access was not allowed" in fails(house, "never", decision="deny")


def test_a_code_that_is_over_is_said_to_be(house: House) -> None:
    house.set(code_life=0)
    assert "did not take its own code" in fails(house, "late")
    assert house.look()["asked"][-1] == "authorization_code invalid_grant"


def test_a_client_that_it_does_not_know_by_this_secret_is_an_admins_to_mend(house: House) -> None:
    house.set(secret="another")
    page = fails(house, "unknown")
    assert house.look()["asked"][-1] == "authorization_code invalid_client"
    assert "authsome providers client" in page


def test_an_answer_in_the_name_of_another_server_uses_no_code(house: House) -> None:
    before = house.look()["asked"]
    assert "did not come from the provider" in fails(house, "mixed", iss="https://other.example")
    assert house.look()["asked"] == before


def test_scopes_that_it_does_not_have_are_refused_by_the_way_back(house: House) -> None:
    waiting, away = house.leave("more", "--scopes", "read everything")
    answer = house.outside.get(away)
    back = answer.headers["location"]
    assert dict(parse_qsl(urlsplit(back).query))["error"] == "invalid_scope"
    assert "compare scopes" in house.journey.person.open(back).text
    with pytest.raises(StepFailed):
        waiting.finish()


def test_a_callback_address_that_is_not_registered_sends_nobody_anywhere(house: House) -> None:
    house.set(redirect_uri="https://elsewhere.example/callback")
    waiting, away = house.leave("nowhere")
    answer = house.outside.get(away)
    assert (answer.status_code, answer.headers.get("location")) == (400, None)
    house.set(redirect_uri=f"{house.journey.base_url}/auth/callback")
    house.journey.person.open(house.consent(away))
    waiting.finish()
