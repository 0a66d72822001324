"""What was connected at Authlib's server stays so: renewed with rotation, checked, and taken back."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.oauth.library.house import House
from tests.e2e.oauth.library.kept import CLIENT_ID, CLIENT_SECRET
from tests.support.waiting import eventually


@pytest.fixture(autouse=True)
def as_it_was(house: House) -> None:
    house.set(life=3600, secret=CLIENT_SECRET)


def family_of(house: House) -> list[dict[str, Any]]:
    """All tokens that came of the latest consent, in order."""
    tokens = house.look()["tokens"]
    family = max(one["family"] for one in tokens)
    return [one for one in tokens if one["family"] == family]


def until_spent(house: House) -> None:
    eventually(lambda: time.time() >= family_of(house)[-1]["ends"], what="the token's end")


def test_tokens_are_renewed_and_their_refresh_tokens_rotate(house: House, tmp_path: Path) -> None:
    house.set(life=1)
    made = house.connect("rotating")
    agent = house.agent("r", made, tmp_path)
    until_spent(house)
    house.set(life=3600)
    assert house.ask_as(agent) == [200, None, None]
    first, second = family_of(house)
    assert (first["is_rotated"], second["is_rotated"]) == (True, False)
    form = {"token": second["access"], "token_type_hint": "access_token"}
    house.outside.post("/revoke", data=form, auth=(CLIENT_ID, CLIENT_SECRET))
    assert house.ask_as(agent) == [200, None, None], (
        "one that ended before its time is renewed for the request"
    )
    family = family_of(house)
    assert [one["is_rotated"] for one in family] == [True, True, False]
    assert not any(one["is_taken_back"] for one in family), "no refresh token was used twice"
    asked = house.look()["asked"]
    assert house.ask_as(agent) == [200, None, None]
    assert house.look()["asked"] == asked, "a good one is not renewed"


def test_a_refresh_token_that_a_thief_used_ends_the_connection_and_is_said(
    house: House, tmp_path: Path
) -> None:
    house.set(life=1)
    made = house.connect("stolen")
    agent = house.agent("s", made, tmp_path)
    until_spent(house)
    house.set(life=3600)
    assert house.ask_as(agent)[0] == 200
    old = family_of(house)[0]
    assert old["is_rotated"]
    form = {"grant_type": "refresh_token", "refresh_token": old["refresh"]}
    thief = house.outside.post("/token", data=form, auth=(CLIENT_ID, CLIENT_SECRET))
    assert thief.json()["error"] == "invalid_grant"
    assert all(one["is_taken_back"] for one in family_of(house))
    status, code, hint = house.ask_as(agent)
    assert (status, code) == (403, "needs_reconnection")
    assert "authsome login lib --connection stolen" in hint
    asked = house.look()["asked"]
    house.ask_as(agent)
    assert house.look()["asked"] == asked, "it is not asked in vain"
    again = house.connect("stolen")
    assert (again["id"], again["state"]) == (made["id"], "connected")
    assert house.ask_as(agent) == [200, None, None]


def test_a_client_that_it_refuses_breaks_nothing(house: House, tmp_path: Path) -> None:
    house.set(life=1)
    made = house.connect("client")
    agent = house.agent("c", made, tmp_path)
    until_spent(house)
    house.set(secret="another", life=3600)
    assert house.ask_as(agent)[:2] == [0, "Tunnel connection failed: 503 Service Unavailable"]
    assert house.look()["asked"][-1] == "refresh_token invalid_client"
    assert house.connection("client")["state"] == "connected"
    house.set(secret=CLIENT_SECRET)
    eventually(lambda: house.ask_as(agent)[0] == 200, what="the next question")


def test_it_is_asked_whether_a_token_is_good(house: House) -> None:
    house.connect("checked")
    assert "the provider takes it" in house.stage.run("connections", "check", "lib/checked")
    assert house.look()["asked"][-1] == "introspection 200"
    token = family_of(house)[-1]
    form = {"token": token["refresh"], "token_type_hint": "refresh_token"}
    house.outside.post("/revoke", data=form, auth=(CLIENT_ID, CLIENT_SECRET))
    said = house.stage.attempt("connections", "check", "lib/checked")
    assert (said.returncode, "does not take it: connect it again" in said.stdout) == (6, True)


def test_what_is_revoked_here_is_taken_back_there(house: House) -> None:
    house.connect("ended")
    house.stage.run("connections", "revoke", "lib/ended")
    eventually(lambda: all(one["is_taken_back"] for one in family_of(house)), what="the provider's answer")
    assert house.look()["asked"][-2:] == ["revocation 200"] * 2
    token = family_of(house)[-1]["access"]
    assert house.outside.get("/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_where_it_does_not_take_the_client_the_person_is_told_to_do_it_there(house: House) -> None:
    house.connect("left")
    house.set(secret="another")
    house.stage.run("connections", "revoke", "lib/left")
    page = "/connections"
    eventually(lambda: "does not take our client" in house.journey.person.open(page).text, what="its answer")
    assert not family_of(house)[-1]["is_taken_back"]
