"""Follow a guide as a reader does: one shell, one home, and a person who opens the links it prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from authsome.testing.person import Person

SECONDS = 240
EMAIL, PASSWORD = "ada@example.org", "correct horse battery staple"
LINK = re.compile(r"(https?://[^/\s]+)(/(?:set-up/|sign-in\?)\S+)")


class Reader:
    """Types what a guide says, on a machine of their own, as far as their home and ports go."""

    def __init__(self, home: Path, root: Path, **settings: str) -> None:
        self._root = root
        kept = {name: os.environ[name] for name in ("LANG", "TMPDIR") if name in os.environ}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._environment = {**kept, "PATH": path, "HOME": str(home), "AUTHSOME_PROXY_PORT": "0", **settings}

    def follow(self, blocks: Sequence[str], *, instead: Mapping[str, str] | None = None) -> str:
        """Run the blocks in one shell that stops at the first command that fails, and return what it said.

        `instead` maps what stands in the guide as an example to what is meant here.
        """
        script = "\n".join(["set -eux", *blocks])
        for example, meant in (instead or {}).items():
            script = script.replace(example, meant)
        said: list[str] = []
        with subprocess.Popen(
            ["bash", "-c", script],
            cwd=self._root,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as shell:
            timer = threading.Timer(SECONDS, shell.kill)
            timer.start()
            try:
                for line in shell.stdout or ():
                    said.append(line)
                    self._open(line)
            finally:
                timer.cancel()
        assert shell.returncode == 0, "".join(said)
        return "".join(said)

    def stop(self) -> None:
        """Stop whatever server the guide has left running."""
        subprocess.run(
            ["authsome", "down"], env=self._environment, capture_output=True, timeout=60, check=False
        )

    def _open(self, line: str) -> None:
        """Do on the page behind a link what the page asks for."""
        found = LINK.search(line)
        if found is None or line.startswith("+"):
            return
        person = Person(found[1])
        try:
            if "/set-up/" in found[2]:
                again = ("password_again", PASSWORD)
                person.submit(found[2], [("email", EMAIL), ("password", PASSWORD), again])
            else:
                inside = person.submit(found[2], [("email", EMAIL), ("password", PASSWORD)])
                person.submit(found[2], [("password", PASSWORD), ("decision", "accept")], page=inside)
        finally:
            person.close()
