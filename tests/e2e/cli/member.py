"""A second person at an installation, with a browser and a home of their own for terminal and agent."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from authsome.testing.person import Person
from tests.e2e.cli.house import PASSWORD, House
from tests.support.server import AUTHSOME


class Member:
    """Invited by Ada, who is signed in."""

    def __init__(self, house: House, home: Path, email: str) -> None:
        self.house, self.home = house, home
        self.person = Person(house.base_url)
        link = house.ask("principals", "invite")["url"]
        again = [("password", PASSWORD), ("password_again", PASSWORD)]
        self.person.submit(link, [("email", email), *again])

    def sign_in(self) -> None:
        """The terminal at this home."""
        terminal = self.house.begin("sign-in", "--no-browser", **self.house.apart(self.home))
        self.person.submit(terminal.word("/sign-in?"), [("password", PASSWORD), ("decision", "accept")])
        code, said = terminal.finish()
        assert code == 0, said

    def onboard(self) -> str:
        """The agent at this home, claimed; its handle."""
        made = json.loads(self.at("onboard", "--no-wait", "--json", check=True).stdout)
        page = self.person.submit(made["claim_url"], [("code", made["code"])])
        decision = [("password", PASSWORD), ("decision", "claim")]
        self.person.submit(made["claim_url"], decision, page=page)
        return str(made["handle"])

    def connect(self, name: str, key: str) -> str:
        """A connection of their own to the house's provider; its id."""
        made = subprocess.run(
            [str(AUTHSOME), "connections", "add", "demo", "--name", name, "--json"],
            env=self.house.environment | self.house.apart(self.home),
            input=f"{key}\n",
            text=True,
            capture_output=True,
            check=True,
        )
        return str(json.loads(made.stdout)["id"])

    def at(self, *arguments: str, check: bool = False) -> subprocess.CompletedProcess[str]:
        return self.house.at(self.home, *arguments, check=check)

    def ask(self, *arguments: str) -> Any:
        """What `authsome … --json` prints at this home."""
        return json.loads(self.at(*arguments, "--json", check=True).stdout)
