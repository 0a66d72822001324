"""From `authsome login` to an agent's request, which sees nothing of tokens that end, where that can be.

A real server, real commands, a strict provider that knows only live tokens.
"""

from __future__ import annotations

import json
import ssl
import sys
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from authsome.testing.journey import Journey
from authsome.testing.oauth.serve import CLIENT_ID, CLIENT_SECRET, OAuthProvider
from authsome.testing.stage import Stage

PASSWORD = "correct horse battery staple"
ASK = """
import json, sys, urllib.request, urllib.error
out = []
for method, path in json.loads(sys.argv[2]):
    data = b"a body" if method == "POST" else None
    request = urllib.request.Request(sys.argv[1] + path, data=data, method=method)
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as refused:
        answer = refused
    except urllib.error.URLError as turned_away:  # at the CONNECT already
        out.append([0, str(turned_away.reason), None])
        continue
    headers = {name.lower(): value for name, value in answer.headers.items()}
    out.append([answer.status, headers.get("x-authsome-error"), headers.get("x-authsome-hint")])
print(json.dumps(out))
"""


class Place:
    """A person, their agent, their terminal and the provider `acme`."""

    def __init__(self, folder: Path) -> None:
        self.provider = OAuthProvider(folder / "acme", redirect_uri="")
        home = folder / "home"
        trusted = str(self.provider.ca_file)
        self.stage = Stage(
            home, AUTHSOME_PORT="0", AUTHSOME_PROXY_PORT="0", AUTHSOME_UPSTREAM_CA_FILE=trusted
        )
        self.journey = Journey(self.stage, email="ada@example.org", password=PASSWORD)
        self.journey.begin()
        self.journey.sign_in()
        definition = folder / "acme.json"
        definition.write_text(json.dumps(self.provider.definition()))
        self.stage.run("providers", "add", str(definition), "--allow-private", self.provider.place)

    def set_client(self) -> str:
        arguments = ("providers", "client", "acme", "--client-id", CLIENT_ID)
        said = self.stage.run(*arguments, stdin=f"{CLIENT_SECRET}\n")
        address = next(line.strip() for line in said.splitlines() if "/auth/callback" in line)
        self.provider.server.client.redirect_uri = address
        return address

    def login(self) -> None:
        """The person connects the provider, in their browser."""
        waiting = self.stage.begin("login", "acme", "--flow", "authorization_code", "--no-browser")
        link = waiting.line_with("/connect/")
        away = links_of(self.journey.person.submit(link, [("decision", "connect")]).text)
        with httpx.Client(verify=ssl.create_default_context(cafile=str(self.provider.ca_file))) as browser:
            back = browser.get(next(one for one in away if "/authorize?" in one)).headers["location"]
        self.journey.person.open(back)
        waiting.finish()

    def ask(self, *requests: tuple[str, str]) -> list[Any]:
        """What an agent's program is answered: status, code and hint of each request."""
        said = self.stage.run("run", "--", sys.executable, "-c", ASK, self.provider.url, json.dumps(requests))
        found: list[Any] = json.loads(said)
        return found

    @property
    def connection(self) -> dict[str, Any]:
        (one,) = self.stage.ask("connections", "list")
        found: dict[str, Any] = one
        return found

    def close(self) -> None:
        self.journey.end()
        self.provider.close()


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def links_of(text: str) -> list[str]:
    parser = _Links()
    parser.feed(text)
    return parser.found


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.close()


def test_tokens_are_renewed_for_agents_until_the_provider_says_no(place: Place) -> None:
    refused = place.stage.attempt("login", "acme", "--no-wait")
    assert refused.returncode != 0
    assert "authsome providers client acme" in refused.stderr
    assert place.set_client() == f"{place.journey.base_url}/auth/callback"
    server = place.provider.server
    server.expires_in = 1
    place.login()
    place.journey.onboard(place.stage, label="a", connection_ids=[place.connection["id"]])
    assert server.requests == ["granted"]

    time.sleep(1)  # by now the token is over
    server.expires_in = 3600
    assert place.ask(("GET", "/me")) == [[200, None, None]]
    assert server.requests == ["granted"] * 2

    # It stops working before its time: nothing is seen of it, but by a request whose body is gone.
    server.forget_access_tokens()
    assert place.ask(("GET", "/me"), ("GET", "/me")) == [[200, None, None]] * 2
    assert server.requests == ["granted"] * 3
    assert [one for one, _ in place.provider.authorizations] == ["/me"] * 4

    # What the provider refuses to everybody breaks nothing, and does not have it asked for tokens each time.
    place.provider.rejects.add("/never")
    answers = place.ask(("GET", "/never"), ("GET", "/never"), ("GET", "/me"))
    assert [status for status, _, _ in answers] == [401, 401, 200]
    assert "authsome login acme" in answers[0][2]
    assert server.requests == ["granted"] * 3
    assert place.connection["state"] == "connected"


def test_who_withdraws_their_consent_is_told_the_way_back(place: Place) -> None:
    place.set_client()
    server = place.provider.server
    place.login()
    place.journey.onboard(place.stage, label="a", connection_ids=[place.connection["id"]])
    server.revoke_all()
    status, code, hint = place.ask(("GET", "/me"))[0]
    assert (status, code) == (403, "needs_reconnection")
    assert "authsome login acme --connection default" in hint
    assert (place.connection["state"], place.connection["is_default"]) == ("needs_reconnection", True)
    assert "authsome login acme --connection default" in place.stage.run("connections", "list")
    assert place.ask(("GET", "/me"))[0][1] == "Tunnel connection failed: 403 Forbidden"
    assert server.requests == ["granted", "invalid_grant"], "it was not asked again"

    # Connected again in its place, the agent goes on with what it was granted.
    before = place.connection["id"]
    place.login()
    assert place.connection["id"] == before
    assert place.ask(("GET", "/me")) == [[200, None, None]]
    log = (place.stage.home / "server" / "server.log").read_text()
    for secret in (CLIENT_SECRET, *server.access, *server.refresh, *server.codes):
        assert secret not in log


def test_a_request_whose_body_is_gone_is_told_to_come_again(place: Place) -> None:
    place.set_client()
    place.login()
    place.journey.onboard(place.stage, label="a", connection_ids=[place.connection["id"]])
    assert place.ask(("POST", "/things"))[0][0] == 200
    place.provider.server.forget_access_tokens()
    first = place.ask(("POST", "/things"))[0]
    assert (first[0], first[1]) == (401, None)
    assert "send the request again" in first[2]
    assert place.ask(("POST", "/things"))[0][0] == 200
