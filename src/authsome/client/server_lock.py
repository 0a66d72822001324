"""Which process is the server of a home: whoever holds the lock on its file.

The lock and not the number in the file says whether a server runs: it goes away with the process, however
that ends, and a number may belong to somebody else by then.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from authsome.kit.errors import DeniedError

NAME = "server.pid"


class NotTheServersUser(DeniedError):
    """The server on this home belongs to another user of the operating system."""

    code = "not_the_servers_user"
    hint = "run the command as that user"


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
