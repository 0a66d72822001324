"""A second person whose agent borrows what the first one shares, at whichever server of an installation."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.e2e.cli.house import PASSWORD, House
from tests.e2e.cli.member import Member
from tests.support.server import AUTHSOME

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


class Bob(Member):
    """A member whose agent is claimed, and may use nothing yet."""

    def __init__(self, house: House, folder: Path) -> None:
        super().__init__(house, folder / "bobs", "bob@example.org")
        self.handle = self.onboard()

    def grant(self, *connections: str) -> None:
        """What he ticks on his agent's page; whatever was ticked before is not any more."""
        fields = [("connection", one) for one in connections]
        url = f"{self.house.base_url}/agents/{self.handle}"
        self.person.submit(url, [*fields, ("password", PASSWORD)])

    def asks(self, base_url: str) -> Asking:
        """His agent's program, behind the proxy of the server at this address."""
        environment = self.house.environment | self.house.apart(self.home)
        return Asking(environment | {"AUTHSOME_BASE_URL": base_url}, self.house.api.url)


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
