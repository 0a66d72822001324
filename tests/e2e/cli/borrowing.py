"""A second person whose agent borrows what the first one shares, at whichever server of an installation."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from authsome.testing.person import Person
from tests.e2e.cli.house import PASSWORD, House
from tests.support.server import AUTHSOME

EMAIL = "bob@example.org"
# One connection to the provider that stays open, and a request on it for each line that comes in.
ASK = """
import base64, http.client, json, os, ssl, sys
from urllib.parse import urlsplit
proxy, there = urlsplit(os.environ["HTTPS_PROXY"]), urlsplit(sys.argv[1])
who = base64.b64encode(f"{proxy.username}:{proxy.password}".encode()).decode()
way = http.client.HTTPSConnection(proxy.hostname, proxy.port, context=ssl.create_default_context())
way.set_tunnel(there.hostname, there.port, {"Proxy-Authorization": f"Basic {who}"})
print("ready", flush=True)
for line in sys.stdin:
    try:
        way.request("GET", line.strip())
        answer = way.getresponse()
        answer.read()
        said = [answer.status, answer.headers.get("X-Authsome-Error"), answer.headers.get("X-Authsome-Hint")]
    except OSError as turned_away:
        said = [0, str(turned_away), None]
    print(json.dumps(said), flush=True)
"""


class Bob:
    """A member, his browser, and a home each for his terminal and his agent."""

    def __init__(self, house: House, folder: Path) -> None:
        self._house = house
        self.person = Person(house.base_url)
        link = house.ask("principals", "invite")["url"]
        again = [("password", PASSWORD), ("password_again", PASSWORD)]
        self.person.submit(link, [("email", EMAIL), *again])
        self.home = folder / "bobs"
        made = self.at("onboard", "--no-wait", "--json", check=True)
        told = json.loads(made.stdout)
        page = self.person.submit(told["claim_url"], [("code", told["code"])])
        decision = [("password", PASSWORD), ("decision", "claim")]
        self.person.submit(told["claim_url"], decision, page=page)
        self.handle = str(told["handle"])

    def sign_in(self) -> None:
        """His terminal, at the agent's home."""
        terminal = self._house.begin("sign-in", "--no-browser", **self._house.apart(self.home))
        self.person.submit(terminal.word("/sign-in?"), [("password", PASSWORD), ("decision", "accept")])
        code, said = terminal.finish()
        assert code == 0, said

    def connect(self, name: str, key: str) -> str:
        """A connection of his own; its id."""
        made = subprocess.run(
            [str(AUTHSOME), "connections", "add", "demo", "--name", name, "--json"],
            env=self._house.environment | self._house.apart(self.home),
            input=f"{key}\n",
            text=True,
            capture_output=True,
            check=True,
        )
        return str(json.loads(made.stdout)["id"])

    def at(self, *arguments: str, check: bool = False) -> subprocess.CompletedProcess[str]:
        return self._house.at(self.home, *arguments, check=check)

    def grant(self, *connections: str) -> None:
        """What he ticks on his agent's page; whatever was ticked before is not any more."""
        fields = [("connection", one) for one in connections]
        url = f"{self._house.base_url}/agents/{self.handle}"
        self.person.submit(url, [*fields, ("password", PASSWORD)])

    def asks(self, base_url: str) -> Asking:
        """His agent's program, behind the proxy of the server at this address."""
        environment = self._house.environment | self._house.apart(self.home)
        return Asking(environment | {"AUTHSOME_BASE_URL": base_url}, self._house.api.url)


class Asking:
    """A program that goes on while grants come and go."""

    def __init__(self, environment: dict[str, str], url: str) -> None:
        self._process = subprocess.Popen(
            [str(AUTHSOME), "run", "--", sys.executable, "-c", ASK, url],
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        assert self._line() == "ready"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=30)

    def get(self, path: str = "/hello") -> tuple[int, str | None, str]:
        """Status of an answer, our code and hint if it is ours."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        status, code, hint = json.loads(self._line())
        return status, code, hint or ""

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def share(house: House, connection_id: str) -> None:
    """What Ada does on a connection's page."""
    page = f"{house.base_url}/connections/{connection_id}"
    house.ada.submit(page, [("password", PASSWORD)], action=f"/connections/{connection_id}/share")
