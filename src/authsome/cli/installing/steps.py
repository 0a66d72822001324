"""One thing to do on a machine: say it, or do it."""

from __future__ import annotations

import os
import pwd
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from authsome.kit.errors import BrokenError


class InstallFailed(BrokenError):
    """A step of the installation failed."""

    code = "install_failed"
    hint = "what was done stays; repair the cause and run `authsome up --install` again"


class Step(Protocol):
    """Something that is not yet so."""

    def describe(self) -> str: ...
    def take(self) -> None:
        """Raises `InstallFailed`."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """A command of the system."""

    command: Sequence[str]

    def describe(self) -> str:
        return shlex.join(self.command)

    def take(self) -> None:
        try:
            done = subprocess.run([*self.command], capture_output=True, text=True, check=False)
        except OSError as error:
            raise InstallFailed(f"{self.command[0]} cannot be run: {error.strerror}") from None
        if done.returncode:
            raise InstallFailed(f"{self.describe()} failed: {done.stderr.strip() or done.returncode}")


@dataclass(frozen=True, slots=True)
class MakeFolder:
    """A folder that only `user` can enter; one that is there is given to them."""

    path: Path
    user: str

    def describe(self) -> str:
        return f"make {self.path}, for {self.user} alone (0700)"

    def take(self) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = pwd.getpwnam(self.user)
        os.chown(self.path, owner.pw_uid, owner.pw_gid)
        self.path.chmod(0o700)


@dataclass(frozen=True, slots=True)
class WriteFile:
    """A file of root's. It appears whole or not at all."""

    path: Path
    text: str
    mode: int

    def describe(self) -> str:
        content = "".join(f"    {line}\n" for line in self.text.splitlines())
        return f"write {self.path} ({self.mode:04o}):\n{content}".rstrip()

    def take(self) -> None:
        draft = self.path.with_name(f".{self.path.name}.new")
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, self.mode)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), self.mode)
            file.write(self.text)
        draft.replace(self.path)


@dataclass(frozen=True, slots=True)
class RemoveFile:
    """A file that is there."""

    path: Path

    def describe(self) -> str:
        return f"remove {self.path}"

    def take(self) -> None:
        self.path.unlink(missing_ok=True)
