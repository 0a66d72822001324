"""The way of a person and an agent through an installation, by commands and pages only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from authsome.testing.https_api import HttpsApi
from authsome.testing.person import Person
from authsome.testing.stage import Stage


class Journey:
    """One person at one installation. `stage` is their terminal, on the server's machine."""

    def __init__(self, stage: Stage, *, email: str, password: str) -> None:
        self.stage = stage
        self.email = email
        self.password = password
        self.base_url = ""
        self._person: Person | None = None

    @property
    def person(self) -> Person:
        """The person's browser, once the server is up."""
        assert self._person is not None
        return self._person

    def begin(self) -> None:
        """Start the server and become its first principal."""
        up = self.stage.ask("up")
        self.base_url = up["base_url"]
        # Whatever ports were free: they stay the same when the server is started again.
        self.stage.environment["AUTHSOME_PORT"] = str(up["port"])
        self.stage.environment["AUTHSOME_PROXY_PORT"] = str(up["proxy_port"])
        self._person = Person(self.base_url)
        twice = [("password", self.password), ("password_again", self.password)]
        self.person.submit(up["set_up_url"], [("email", self.email), *twice])

    def sign_in(self) -> None:
        """Let the terminal in."""
        terminal = self.stage.begin("sign-in", "--no-browser")
        link = terminal.line_with("/sign-in?")
        self.person.submit(link, [("password", self.password), ("decision", "accept")])
        terminal.finish()

    def add_provider(self, api: HttpsApi, folder: Path, *, name: str = "demo") -> None:
        """Register a custom provider for a server on this machine, listed by host and port."""
        listed = f"{api.host}:{api.port}"
        definition: dict[str, Any] = {
            "name": name,
            "display_name": "Demo API",
            "hosts": [listed],
            "inject": {"header": "Authorization", "template": "Bearer {api_key}"},
        }
        file = folder / f"{name}.json"
        file.write_text(json.dumps(definition), encoding="utf-8")
        self.stage.run("providers", "add", str(file), "--allow-private", listed)

    def connect(self, provider: str, key: str) -> str:
        """Make a connection with a key on standard input; returns its id."""
        self.stage.run("connections", "add", provider, stdin=key + "\n")
        made = [one for one in self.stage.ask("connections", "list") if one["provider"] == provider]
        return str(made[-1]["id"])

    def onboard(self, agent: Stage, *, label: str, connection_ids: list[str]) -> str:
        """Onboard the agent of the terminal `agent`, claimed with these connections; returns its handle."""
        waiting = agent.begin("onboard", "--label", label, "--no-browser")
        link = waiting.line_with("/claim/").split()[-1]
        code = waiting.line_with("code").split()[-1]
        page = self.person.submit(link, [("code", code)])
        chosen = [("connection", one) for one in connection_ids]
        decision = [*chosen, ("password", self.password), ("decision", "claim")]
        self.person.submit(link, decision, page=page)
        waiting.finish()
        return str(agent.ask("whoami")["id"])

    def end(self) -> None:
        """Stop the server."""
        self.stage.attempt("down")
        if self._person:
            self._person.close()
