"""One server per home: take the lock that `client.server_lock` looks at."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from authsome.client.server_lock import NAME
from authsome.kit.errors import ConflictError

TRIES = 5


class ServerRunning(ConflictError):
    """A server runs on this home already."""

    code = "server_running"
    hint = "see `authsome status`; stop it with `authsome down`"


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
