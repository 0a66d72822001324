"""One server per home: a locked file that holds its process id.

The lock and not the number says whether a server runs: it goes away with the process, however that ends,
and a number may belong to somebody else by then.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from authsome.kit.errors import ConflictError, DeniedError

NAME = "server.pid"
TRIES = 5


class ServerRunning(ConflictError):
    """A server runs on this home already."""

    code = "server_running"
    hint = "see `authsome status`; stop it with `authsome down`"


class NotTheServersUser(DeniedError):
    """The server on this home belongs to another user of the operating system."""

    code = "not_the_servers_user"
    hint = "run the command as that user"


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Be the server of this folder while the block runs. Raises `ServerRunning`."""
    handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _lock(handle):
            raise ServerRunning
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    """Tried more than once: somebody who only looks (`holder`) has the lock for a moment too."""
    for _ in range(TRIES):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return True
    return False


def holder(folder: Path) -> int | None:
    """The process id of the server that runs on this folder, or None. Raises `NotTheServersUser`."""
    try:
        handle = os.open(folder / NAME, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except PermissionError:
        raise NotTheServersUser from None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        text = os.pread(handle, 32, 0).strip()
        return int(text) if text.isdigit() else 0
    finally:
        os.close(handle)
    return None
