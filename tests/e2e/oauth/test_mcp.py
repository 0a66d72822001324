"""The MCP SDK's own server is connected by its address, and an agent calls a tool there through the proxy.

Real processes on both sides, real TLS, the SDK's own routes for metadata, registration and tokens.
"""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from authsome.testing.https_api import make_certificates
from authsome.testing.journey import Journey
from authsome.testing.stage import Stage
from tests.support.links import links_of

PASSWORD = "correct horse battery staple"
ROOT = Path(__file__).resolve().parents[3]
# What an agent's program sends: a tool is called, and the answer printed with its status.
CALL = """
import json, sys, urllib.request, urllib.error
asked = {"name": "add", "arguments": {"a": 2, "b": 40}}
body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": asked}
headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
request = urllib.request.Request(sys.argv[1], json.dumps(body).encode(), headers)
try:
    answer = urllib.request.urlopen(request)
    print(json.dumps([answer.status, json.load(answer)["result"]["content"][0]["text"]]))
except urllib.error.HTTPError as refused:
    print(json.dumps([refused.code, refused.headers.get("x-authsome-error")]))
"""


class Mcp:
    """The server's process, which can be ended and begun again at the same port."""

    def __init__(self, folder: Path) -> None:
        self.ca_file, self._chain = make_certificates(folder / "tls", "localhost")
        self._file = folder / "kept.json"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def place(self) -> str:
        return f"localhost:{self.port}"

    @property
    def address(self) -> str:
        return f"https://{self.place}/mcp"

    @property
    def kept(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = json.loads(self._file.read_text())
        return found

    @property
    def has_clients(self) -> bool:
        return self._file.exists()

    def start(self, how: str = "registers") -> None:
        command = [sys.executable, "-m", "tests.e2e.oauth.mcp_server", str(self.port), str(self._chain)]
        self._process = subprocess.Popen([*command, str(self._file), how], cwd=ROOT)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                assert self._process.poll() is None, "it ended"
                time.sleep(0.1)
        raise AssertionError("it did not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=20)
            self._process = None

    def forget_clients(self) -> None:
        """As a server does that keeps them in memory, at a restart."""
        self.stop()
        self._file.write_text(json.dumps(self.kept | {"clients": {}}))
        self.start()


class Place:
    """A person, their terminal and agent, and the server."""

    def __init__(self, folder: Path) -> None:
        self.mcp = Mcp(folder)
        trusted = str(self.mcp.ca_file)
        self.stage = Stage(
            folder / "home", AUTHSOME_PORT="0", AUTHSOME_PROXY_PORT="0", AUTHSOME_UPSTREAM_CA_FILE=trusted
        )
        self.journey = Journey(self.stage, email="ada@example.org", password=PASSWORD)
        self.journey.begin()
        self.journey.sign_in()

    def login(self, *options: str) -> None:
        waiting = self.stage.begin("login", self.mcp.address, "--no-browser", *options)
        self.consent(waiting.line_with("/connect/"))
        waiting.finish()

    def consent(self, link: str) -> str:
        """The person goes to the server's page and comes back; what our page says then."""
        away = links_of(self.journey.person.submit(link, [("decision", "connect")]).text)
        with httpx.Client(verify=ssl.create_default_context(cafile=str(self.mcp.ca_file))) as browser:
            answer = browser.get(next(one for one in away if "/authorize?" in one))
        assert answer.status_code == 302, answer.text
        return str(self.journey.person.open(answer.headers["location"]).text)

    def call(self) -> list[Any]:
        said = self.stage.run("run", "--", sys.executable, "-c", CALL, self.mcp.address)
        found: list[Any] = json.loads(said)
        return found

    def connections(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.stage.ask("connections", "list")
        return found

    def close(self) -> None:
        self.journey.end()
        self.mcp.stop()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.close()


def test_an_agent_calls_a_tool_of_a_server_that_was_connected_by_its_address(place: Place) -> None:
    place.mcp.start()
    place.login("--as", "notes", "--allow-private", place.mcp.place)
    ((client_id, client),) = place.mcp.kept["clients"].items()
    assert client["redirect_uris"] == [f"{place.journey.base_url}/auth/callback"]
    (token,) = place.mcp.kept["access"].values()
    assert (token["client_id"], token["resource"]) == (client_id, place.mcp.address), "it is for this server"
    (connection,) = place.connections()
    place.journey.onboard(place.stage, label="a", connection_ids=[connection["id"]])
    assert place.call() == [200, "42"]

    # Both servers are begun anew, and nobody has to do anything.
    place.stage.run("down")
    place.mcp.stop()
    place.mcp.start()
    place.stage.ask("up")
    assert place.call() == [200, "42"]
    log = (place.stage.home / "server" / "server.log").read_text()
    kept = place.mcp.kept
    for secret in (client["client_secret"], *kept["access"], *kept["refresh"]):
        assert secret not in log


def test_a_server_that_forgot_its_clients_is_registered_with_anew(place: Place) -> None:
    place.mcp.start()
    place.login("--as", "notes", "--allow-private", place.mcp.place)
    before = set(place.mcp.kept["clients"])
    link = place.stage.ask("login", place.mcp.address, "--no-wait", "--connection", "second")["url"]
    away = links_of(place.journey.person.submit(link, [("decision", "connect")]).text)
    with httpx.Client(verify=ssl.create_default_context(cafile=str(place.mcp.ca_file))) as browser:
        back = browser.get(next(one for one in away if "/authorize?" in one)).headers["location"]
    place.mcp.forget_clients()
    assert "had forgotten this installation" in place.journey.person.open(back).text
    (after,) = place.mcp.kept["clients"]
    assert after not in before
    place.login()  # in the place of the first, with the new client
    assert [one["name"] for one in place.connections()] == ["default"]


def test_who_is_no_admin_is_told_the_next_step_and_nobody_is_asked(place: Place) -> None:
    place.mcp.start()
    place.stage.run("sign-out")
    place.journey.onboard(place.stage, label="a", connection_ids=[])
    refused = place.stage.attempt("login", place.mcp.address, "--no-browser")
    assert refused.returncode != 0
    assert "address_unknown" in refused.stderr or "only an admin adds one" in refused.stderr
    assert f"authsome login {place.mcp.address}" in refused.stderr
    assert not place.mcp.has_clients


def test_what_goes_wrong_is_said_with_its_next_step(place: Place) -> None:
    unreachable = place.stage.attempt("login", place.mcp.address, "--allow-private", place.mcp.place)
    assert "could not be reached" in unreachable.stderr
    place.mcp.start("registers-nobody")
    unlisted = place.stage.attempt("login", place.mcp.address)
    assert f"--allow-private {place.mcp.place}" in unlisted.stderr
    other = place.stage.attempt(
        "login", f"https://{place.mcp.place}/other", "--allow-private", place.mcp.place
    )
    assert "does not say which authorization server guards it" in other.stderr
    assert place.stage.ask("providers", "list", place.mcp.place) == []
    by_hand = place.stage.attempt(
        "login", place.mcp.address, "--as", "notes", "--allow-private", place.mcp.place
    )
    assert "authsome providers client notes --client-id" in by_hand.stderr
    misplaced = place.stage.attempt("login", "notes", "--as", "other")
    assert misplaced.returncode == 2
