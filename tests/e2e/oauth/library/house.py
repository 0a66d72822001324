"""A signed-in admin's terminal, their agent, and the provider `lib`: Authlib's server in its own process."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from authsome.testing.journey import Journey
from authsome.testing.stage import Stage, Waiting
from tests.e2e.oauth.library.kept import CLIENT_ID, CLIENT_SECRET
from tests.e2e.oauth.place import ASK, PASSWORD
from tests.support.links import links_of


class House:
    """With the gateway on the database that is given."""

    def __init__(self, folder: Path, database_url: str) -> None:
        command = [sys.executable, "-m", "tests.e2e.oauth.library.server", str(folder / "lib")]
        self._server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._server.stdout is not None
        self.place = f"localhost:{self._server.stdout.readline().strip()}"
        self.url = f"https://{self.place}"
        ca_file = folder / "lib" / "ca.pem"
        trust = ssl.create_default_context(cafile=str(ca_file))
        self.outside = httpx.Client(base_url=self.url, verify=trust, trust_env=False)
        self.stage = Stage(
            folder / "home",
            AUTHSOME_PORT="0",
            AUTHSOME_PROXY_PORT="0",
            AUTHSOME_UPSTREAM_CA_FILE=str(ca_file),
            AUTHSOME_DATABASE_URL=database_url,
        )
        self.journey = Journey(self.stage, email="ada@example.org", password=PASSWORD)
        self.journey.begin()
        self.journey.sign_in()
        file = folder / "lib.json"
        file.write_text(json.dumps(self._definition()))
        self.stage.run("providers", "add", str(file), "--allow-private", self.place)
        self.set_client(CLIENT_SECRET)
        self.set(redirect_uri=f"{self.journey.base_url}/auth/callback")

    def _definition(self) -> dict[str, object]:
        oauth = {
            "authorization_url": f"{self.url}/authorize",
            "token_url": f"{self.url}/token",
            "device_authorization_url": f"{self.url}/device",
            "revocation_url": f"{self.url}/revoke",
            "introspection_url": f"{self.url}/introspect",
            "client_credentials": True,
            "scopes": ["read", "write"],
            "issuer": self.url,
            "issuer_in_answer": True,
        }
        return {"name": "lib", "display_name": "Lib", "hosts": [self.place], "oauth": oauth}

    def set_client(self, secret: str) -> None:
        self.stage.run("providers", "client", "lib", "--client-id", CLIENT_ID, stdin=secret)

    def set(self, **what: object) -> None:
        """Change something of the server's."""
        self.outside.post("/-/set", json=what)

    def look(self) -> dict[str, Any]:
        """All that the server keeps."""
        found: dict[str, Any] = self.outside.get("/-/look").json()
        return found

    def decide(self, user_code: str, *, allow: bool) -> None:
        self.outside.get(f"/-/decide?user_code={user_code}&allow={int(allow)}")

    def leave(self, name: str, *options: str) -> tuple[Waiting, str]:
        """`authsome login`, and the address of the server's page that the person is sent to."""
        flow = ("--flow", "authorization_code", "--connection", name, "--no-browser")
        waiting = self.stage.begin("login", "lib", *flow, *options)
        link = waiting.line_with("/connect/")
        away = links_of(self.journey.person.submit(link, [("decision", "connect")]).text)
        return waiting, next(one for one in away if "/authorize?" in one)

    def consent(self, away: str, decision: str = "allow") -> str:
        """What the person does on the server's page: where they are sent then."""
        page = self.outside.get(away)
        assert "Allow" in page.text, page.text
        return str(self.outside.post(away, data={"decision": decision}).headers["location"])

    def connect(self, name: str) -> dict[str, Any]:
        """The whole way, with a person at both pages."""
        waiting, away = self.leave(name)
        self.journey.person.open(self.consent(away))
        waiting.finish()
        return self.connection(name)

    def connection(self, name: str) -> dict[str, Any]:
        listed: list[dict[str, Any]] = self.stage.ask("connections", "list")
        return next(one for one in listed if one["name"] == name)

    def agent(self, label: str, connection: dict[str, Any], folder: Path) -> Stage:
        """An agent of its own that may use this connection and no other."""
        stage = Stage(folder, AUTHSOME_BASE_URL=self.journey.base_url)
        self.journey.onboard(stage, label=label, connection_ids=[connection["id"]])
        return stage

    def ask_as(self, agent: Stage) -> list[Any]:
        """Status, code and hint that the agent's program gets from the server's API."""
        said = agent.run("run", "--", sys.executable, "-c", ASK, self.url, json.dumps([("GET", "/me")]))
        found: list[Any] = json.loads(said)[0]
        return found

    def close(self) -> None:
        self.journey.end()
        self.outside.close()
        self._server.kill()
        self._server.wait()
        assert self._server.stdout is not None
        self._server.stdout.close()
