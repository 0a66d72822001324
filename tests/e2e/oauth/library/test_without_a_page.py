"""The flows without a page of ours, against an authorization server that somebody else wrote."""

from __future__ import annotations

import pytest

from authsome.testing.stage import StepFailed
from tests.e2e.oauth.library.house import House


def test_its_client_gets_a_token(house: House) -> None:
    said = house.stage.run("login", "lib", "--flow", "client_credentials", "--connection", "machine")
    assert "Connected: lib/machine." in said


def test_its_device_code_is_asked_about_until_it_is_allowed(house: House) -> None:
    waiting = house.stage.begin("login", "lib", "--flow", "device_code", "--connection", "typed")
    assert waiting.line_with("/activate").endswith("/activate")
    waiting.line_with("type the code")
    house.decide(waiting.line_with("-"), allow=True)
    waiting.finish()
    made = next(one for one in house.stage.ask("connections", "list") if one["name"] == "typed")
    assert (made["flow"], made["state"], made["is_renewed"]) == ("device_code", "connected", True)


def test_its_no_is_a_no(house: House) -> None:
    waiting = house.stage.begin("login", "lib", "--flow", "device_code", "--connection", "never")
    waiting.line_with("type the code")
    house.decide(waiting.line_with("-"), allow=False)
    with pytest.raises(StepFailed, match="access was not allowed"):
        waiting.finish()


def test_a_code_that_it_does_not_have_any_more_sends_nobody_to_an_admin(house: House) -> None:
    """It says `invalid_request` then, as it does of requests that no client should send."""
    waiting = house.stage.begin("login", "lib", "--flow", "device_code", "--connection", "gone")
    waiting.line_with("type the code")
    house.set(devices={})
    with pytest.raises(StepFailed, match="did not take its own code"):
        waiting.finish()
    assert house.look()["asked"][-1].endswith("device_code invalid_request")
