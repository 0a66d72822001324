"""The flows without a page of ours, against an authorization server that somebody else wrote."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from authsome.testing.journey import Journey
from authsome.testing.stage import Stage, StepFailed
from tests.e2e.oauth.authlib_server import CLIENT_ID, CLIENT_SECRET
from tests.e2e.oauth.place import PASSWORD


class House:
    """A signed-in admin's terminal, and the provider `lib`."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.e2e.oauth.authlib_server", str(folder / "lib")]
        self._server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._server.stdout is not None
        self.place = f"localhost:{self._server.stdout.readline().strip()}"
        ca_file = folder / "lib" / "ca.pem"
        self._trust = ssl.create_default_context(cafile=str(ca_file))
        self.stage = Stage(
            folder / "home",
            AUTHSOME_PORT="0",
            AUTHSOME_PROXY_PORT="0",
            AUTHSOME_UPSTREAM_CA_FILE=str(ca_file),
        )
        self.journey = Journey(self.stage, email="ada@example.org", password=PASSWORD)
        self.journey.begin()
        self.journey.sign_in()
        file = folder / "lib.json"
        file.write_text(json.dumps(self._definition()))
        self.stage.run("providers", "add", str(file), "--allow-private", self.place)
        self.stage.run("providers", "client", "lib", "--client-id", CLIENT_ID, stdin=CLIENT_SECRET)

    def _definition(self) -> dict[str, object]:
        oauth = {
            "token_url": f"https://{self.place}/token",
            "device_authorization_url": f"https://{self.place}/device",
            "client_credentials": True,
            "scopes": ["read", "write"],
        }
        return {"name": "lib", "display_name": "Lib", "hosts": [self.place], "oauth": oauth}

    def decide(self, user_code: str, *, allow: bool) -> None:
        with httpx.Client(verify=self._trust) as telephone:
            telephone.get(f"https://{self.place}/decide?user_code={user_code}&allow={int(allow)}")

    def close(self) -> None:
        self.journey.end()
        self._server.kill()
        self._server.wait()
        assert self._server.stdout is not None
        self._server.stdout.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("authlib"))
    yield made
    made.close()


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
