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
