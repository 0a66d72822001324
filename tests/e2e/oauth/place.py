"""A server, a person, their agent and terminal, and a strict provider that knows only live tokens."""

from __future__ import annotations

import json
import ssl
import sys
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx

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

    def __init__(self, folder: Path, *, device: bool = False, **oauth: object) -> None:
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
        if device:
            oauth["device_authorization_url"] = f"{self.provider.url}/device_authorization"
        definition.write_text(json.dumps(self.provider.definition(**oauth)))
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
        self.come_back(next(one for one in away if "/authorize?" in one))
        waiting.finish()

    def come_back(self, away: str) -> None:
        """The person decides at the provider, and is sent back."""
        with httpx.Client(verify=ssl.create_default_context(cafile=str(self.provider.ca_file))) as browser:
            self.journey.person.open(browser.get(away).headers["location"])

    def agent_only(self, home: Path) -> Stage:
        """Another agent of the person's, at a machine where nobody is signed in."""
        stage = Stage(home, AUTHSOME_BASE_URL=self.journey.base_url)
        self.journey.onboard(stage, label="b", connection_ids=[])
        return stage

    def until(self, look: Callable[[], str], is_done: Callable[[str], bool]) -> str:
        """What `look` returns once it is as wanted, within a quarter of a minute."""
        for _ in range(60):
            seen = look()
            if is_done(seen):
                return seen
            time.sleep(0.25)
        raise AssertionError(seen)

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
