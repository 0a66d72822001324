"""Can another user run this installation, and can nobody but root change it?

A service that runs code which an agent's user can replace would be no boundary at all.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from authsome.kit.errors import InvalidError

ELSEWHERE = (
    "install it where only root can write, and start it from there: python3 -m venv /opt/authsome, "
    "/opt/authsome/bin/pip install ., /opt/authsome/bin/authsome up --install"
)


class ProgramExposed(InvalidError):
    """This copy of Authsome is not fit to be run by a user of its own."""

    code = "program_exposed"
    hint = ELSEWHERE


def require_fit(paths: Iterable[Path]) -> None:
    """Each path, what it leads to, and every folder above. Raises `ProgramExposed`."""
    for path in sorted(set(_all_parts(paths))):
        found = path.stat()
        if found.st_uid != 0 or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise ProgramExposed(f"others than root can change {path}")
        needed = stat.S_IXOTH if stat.S_ISDIR(found.st_mode) else stat.S_IROTH
        if not found.st_mode & needed:
            raise ProgramExposed(f"other users cannot get at {path}")


def _all_parts(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from (path, *path.parents)
        yield from (path.resolve(), *path.resolve().parents)
