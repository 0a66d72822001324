"""One home with a server, a provider and a person, for tests that type commands."""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path
from typing import IO, Any

from authsome.testing.https_api import HttpsApi
from authsome.testing.person import Person
from tests.support.server import AUTHSOME, RealServer

EMAIL = "ada@example.org"
PASSWORD = "correct horse battery staple"
KEY = "sk-the-real-key-9d41c7a2"
COMMAND_SECONDS = 60


class Waiting:
    """A command that waits for a person; its output can be read while it does."""

    def __init__(self, arguments: tuple[str, ...], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [str(AUTHSOME), *arguments],
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._timer = threading.Timer(COMMAND_SECONDS, self.process.kill)
        self._timer.start()

    @property
    def output(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def word(self, text: str) -> str:
        """The last word of the first line that holds `text`."""
        said = ""
        for line in self.output:
            said += line
            if text in line:
                return line.split()[-1]
        raise AssertionError(f"no line with {text!r} in:\n{said}")

    def finish(self) -> tuple[int, str]:
        """Its exit code and the rest of what it said."""
        rest = self.output.read()
        code = self.process.wait()
        self._timer.cancel()
        self.output.close()
        return code, rest


class House(RealServer):
    """A running server; `ada` is its first principal once she is set up."""

    def __init__(self, folder: Path, *, api_host: str = "localhost", **settings: str) -> None:
        self.api = HttpsApi(folder / "provider", KEY, host=api_host)
        super().__init__(folder / "home", AUTHSOME_UPSTREAM_CA_FILE=str(self.api.ca_file), **settings)
        self.ada: Person
        self.agents = folder

    def set_up(self) -> None:
        """Make the first principal, on the page whose link `up` prints."""
        link = json.loads(self.command("up", "--json", check=True).stdout)["set_up_url"]
        self.ada = self.browser()
        again = [("password", PASSWORD), ("password_again", PASSWORD)]
        self.ada.submit(link, [("email", EMAIL), *again])

    def browser(self) -> Person:
        return Person(self.base_url)

    def begin(self, *arguments: str, **extra: str) -> Waiting:
        return Waiting(arguments, self.environment | extra)

    def ask(self, *arguments: str, **extra: str) -> Any:
        """What `authsome … --json` prints."""
        return json.loads(self.command(*arguments, "--json", check=True, **extra).stdout)

    def sign_in(self, *options: str) -> str:
        """What the terminal said."""
        terminal = self.begin("sign-in", "--no-browser", *options)
        link = terminal.word("/sign-in?")
        self.ada.submit(link, [("password", PASSWORD), ("decision", "accept")])
        code, said = terminal.finish()
        assert code == 0, said
        return said

    def claim(
        self, link: str, code: str, *, decision: str = "claim", connections: tuple[str, ...] = ()
    ) -> None:
        """What Ada does on the claim page."""
        page = self.ada.submit(link, [("code", code)])
        fields = [("connection", connection) for connection in connections]
        fields += [("password", PASSWORD), ("decision", decision)]
        self.ada.submit(link, fields, page=page)

    def onboard(self, *connections: str, home: Path | None = None) -> str:
        """A claimed agent that may use these connections; its handle."""
        made = json.loads(self.at(home or self.home, "onboard", "--no-wait", "--json", check=True).stdout)
        self.claim(made["claim_url"], made["code"], connections=connections)
        return str(made["handle"])

    def at(self, home: Path, *arguments: str, check: bool = False) -> subprocess.CompletedProcess[str]:
        """Run a command as the agent that lives at `home`."""
        return self.command(*arguments, check=check, **self.apart(home))

    def apart(self, home: Path) -> dict[str, str]:
        """The environment of an agent with a home of its own."""
        return {"AUTHSOME_HOME": str(home), "AUTHSOME_BASE_URL": self.base_url}

    def connect(self, **more: Any) -> str:
        """Register the provider, with `more` in its definition, and connect it; the connection's id. Ada is
        signed in.
        """
        place = f"{self.api.host}:{self.api.port}"
        file = self.agents / "demo.json"
        inject = {"header": "Authorization", "template": "Bearer {api_key}"}
        definition = {"name": "demo", "display_name": "Demo", "hosts": [place], "inject": inject}
        file.write_text(json.dumps(definition | more))
        self.command("providers", "add", str(file), "--allow-private", place, check=True)
        return str(json.loads(self.type(KEY + "\n", "connections", "add", "demo", "--json").stdout)["id"])

    def type(self, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command with `text` on its standard input."""
        return subprocess.run(
            [str(AUTHSOME), *arguments],
            env=self.environment,
            input=text,
            text=True,
            capture_output=True,
            timeout=COMMAND_SECONDS,
        )

    def close(self) -> None:
        self.stop()
        self.api.close()
        if hasattr(self, "ada"):
            self.ada.close()
