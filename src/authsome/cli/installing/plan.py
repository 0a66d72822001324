"""What is to be done so that the server runs as a user of its own, and so that it no longer does."""

from __future__ import annotations

import os
import pwd
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import authsome
from authsome.cli.host import NO_LOGIN
from authsome.cli.installing.program import require_fit
from authsome.cli.installing.steps import MakeFolder, RemoveFile, Run, Step, WriteFile
from authsome.cli.installing.unit import SETTINGS, unit_text
from authsome.kit.errors import ConflictError, DeniedError, InvalidError

SERVICE = "authsome.service"


class InstallUnsupported(InvalidError):
    """Only on Linux can the server be installed as a user of its own."""

    code = "install_unsupported"
    hint = "make a user for it by hand, and run `authsome up --foreground` as that user"


class NotRoot(DeniedError):
    """Making a user and a service takes root."""

    code = "not_root"
    hint = "run it with sudo, or add --dry-run to see what it would do"


class UserTaken(ConflictError):
    """There is a user of that name who can log in, so it is somebody's own."""

    code = "service_user_taken"
    hint = "rename that user, or set their shell to /usr/sbin/nologin if they are the server's"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where things lie. `has_systemd` says whether it is what runs this machine."""

    has_systemd: bool
    user: str = "authsome"
    home: Path = Path("/var/lib/authsome")
    settings: Path = Path("/etc/authsome.env")
    unit: Path = Path("/etc/systemd/system") / SERVICE
    python: Path = Path(sys.executable)


def this_machine() -> Machine:
    """Raises `InstallUnsupported`."""
    if not sys.platform.startswith("linux"):
        raise InstallUnsupported
    return Machine(has_systemd=Path("/run/systemd/system").is_dir())


def require_root() -> None:
    """Raises `NotRoot`."""
    if os.geteuid() != 0:
        raise NotRoot


def plan_install(machine: Machine) -> list[Step]:
    """What is missing. Raises `ProgramExposed` or `UserTaken` where it must not be done."""
    require_fit([machine.python, Path(authsome.__file__)])
    return missing_steps(machine)


def missing_steps(machine: Machine) -> list[Step]:
    """What is not so yet. Raises `UserTaken`."""
    return [*_user(machine), *_folder(machine), *_files(machine)]


def plan_removal(machine: Machine) -> list[Step]:
    """The service goes; the user, the home and its secrets stay."""
    if not machine.unit.exists():
        return []
    stop: list[Step] = [Run(("systemctl", "disable", "--now", SERVICE))] if machine.has_systemd else []
    again: list[Step] = [Run(("systemctl", "daemon-reload"))] if machine.has_systemd else []
    return [*stop, RemoveFile(machine.unit), *again]


def _user(machine: Machine) -> Iterator[Step]:
    try:
        found = pwd.getpwnam(machine.user)
    except KeyError:
        options = ("--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin")
        yield Run(("useradd", *options, "--home-dir", str(machine.home), machine.user))
        return
    if found.pw_shell.rsplit("/", 1)[-1] not in NO_LOGIN:
        raise UserTaken(f"the user {machine.user} is there and can log in")


def _folder(machine: Machine) -> Iterator[Step]:
    try:
        found, owner = machine.home.stat(), pwd.getpwnam(machine.user).pw_uid
        right = found.st_uid == owner and stat.S_IMODE(found.st_mode) == 0o700
    except (FileNotFoundError, KeyError):
        right = False
    if not right:
        yield MakeFolder(machine.home, machine.user)


def _files(machine: Machine) -> Iterator[Step]:
    if not machine.settings.exists():
        yield WriteFile(machine.settings, SETTINGS, 0o600)
    if not machine.has_systemd:
        return
    text = unit_text(user=machine.user, home=machine.home, settings=machine.settings, python=machine.python)
    before = machine.unit.read_text(encoding="utf-8") if machine.unit.exists() else None
    if before != text:
        yield WriteFile(machine.unit, text, 0o644)
        yield Run(("systemctl", "daemon-reload"))
        yield Run(("systemctl", "enable", SERVICE))
        yield Run(("systemctl", "restart", SERVICE))
