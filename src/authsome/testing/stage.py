"""A terminal with a home of its own, in which `authsome` is run as anybody would run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

AUTHSOME = Path(sys.executable).with_name("authsome")
COMMAND_SECONDS = 90


class StepFailed(Exception):
    """A command did not do what it should."""


class Stage:
    """Runs `authsome` with `home` as its home and none of the operator's settings.

    `user` is the number of another operating-system user to run it as, which takes root. `command` is what
    `authsome` is there, where that user cannot run this interpreter.
    """

    def __init__(
        self, home: Path, *, user: int | None = None, command: Sequence[str] = (), **settings: str
    ) -> None:
        self.home = home
        self._user = user
        self._command = [*command] or [str(AUTHSOME)]
        kept = {name: os.environ[name] for name in ("PATH", "TERM", "LANG") if name in os.environ}
        self.environment = {**kept, "HOME": str(home), "AUTHSOME_HOME": str(home), **settings}

    def run(self, *arguments: str, stdin: str = "") -> str:
        """The standard output of `authsome …`. Raises `StepFailed` with what it said."""
        done = self.attempt(*arguments, stdin=stdin)
        if done.returncode != 0:
            raise StepFailed(f"authsome {arguments[0]} ended with {done.returncode}:\n{done.stderr.strip()}")
        return done.stdout

    def attempt(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run `authsome …`, whatever comes of it."""
        return subprocess.run(
            [*self._command, *arguments],
            env=self.environment,
            input=stdin,
            text=True,
            capture_output=True,
            timeout=COMMAND_SECONDS,
            check=False,
            **self._as_user,
        )

    def ask(self, *arguments: str) -> Any:
        """The JSON that `authsome … --json` prints."""
        return json.loads(self.run(*arguments, "--json"))

    def begin(self, *arguments: str) -> Waiting:
        """Start `authsome …`, which waits for a person."""
        return Waiting([*self._command, *arguments], self.environment, self._as_user)

    @property
    def _as_user(self) -> dict[str, Any]:
        if self._user is None:
            return {}
        return {"user": self._user, "group": self._user, "extra_groups": [], "cwd": "/"}


class Waiting:
    """A command that prints a link and waits until a person has done something there."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], as_user: dict[str, Any]) -> None:
        self._process = subprocess.Popen(
            command,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **as_user,
        )
        self._timer = threading.Timer(COMMAND_SECONDS, self._process.kill)
        self._timer.start()
        self._said: list[str] = []

    def line_with(self, text: str) -> str:
        """The first line that holds `text`."""
        for line in self._output:
            self._said.append(line)
            if text in line:
                return line.strip()
        raise StepFailed("the command ended early:\n" + "".join(self._said))

    def finish(self) -> None:
        """Wait for its end. Raises `StepFailed` if it was not a good one."""
        self._said += self._output
        self._output.close()
        code = self._process.wait()
        self._timer.cancel()
        if code != 0:
            raise StepFailed(f"the command ended with {code}:\n" + "".join(self._said))

    @property
    def _output(self) -> IO[str]:
        assert self._process.stdout is not None
        return self._process.stdout
