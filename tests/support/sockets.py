"""Which connections a process has, as the kernel knows them; and an address that notices any that comes."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LISTENING = "0A"  # the state in /proc/net/tcp
TABLES = ("tcp", "tcp6", "udp", "udp6")


class Tripwire:
    """A port on this machine that speaks with nobody, and knows whether somebody came."""

    def __init__(self) -> None:
        self._listening = socket.socket()
        self._listening.bind(("127.0.0.1", 0))
        self._listening.listen(16)
        self._listening.setblocking(False)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def came(self) -> int:
        """How many connections were made since the last time it was asked, those that ended included."""
        count = 0
        with suppress(BlockingIOError):
            while True:
                self._listening.accept()[0].close()
                count += 1
        return count

    def close(self) -> None:
        self._listening.close()


@contextmanager
def tripwire() -> Iterator[Tripwire]:
    wire = Tripwire()
    try:
        yield wire
    finally:
        wire.close()


def outgoing(process: int, *, seconds: float) -> set[str]:
    """The sockets that the process had at any moment of this time, but for its doors and what came in there.

    Each is a line of the kernel's table: protocol, local and remote address, state.
    """
    seen: set[str] = set()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        seen |= _outgoing(process)
        time.sleep(0.005)
    return seen


def _outgoing(process: int) -> set[str]:
    own = _inodes(process)
    rows = [(table, row) for table in TABLES for row in _rows(process, table) if row[9] in own]
    doors = {_port(row[1]) for _, row in rows if row[3] == LISTENING}
    return {
        f"{table} {row[1]} {row[2]} {row[3]}"
        for table, row in rows
        if row[3] != LISTENING and _port(row[1]) not in doors
    }


def _inodes(process: int) -> set[str]:
    found = set()
    for handle in os.scandir(f"/proc/{process}/fd"):
        with suppress(OSError):  # closed since it was listed
            target = os.readlink(handle.path)
            if target.startswith("socket:["):
                found.add(target[8:-1])
    return found


def _rows(process: int, table: str) -> Iterator[list[str]]:
    text = Path(f"/proc/{process}/net/{table}").read_text(encoding="ascii")
    yield from (line.split() for line in text.splitlines()[1:])


def _port(address: str) -> str:
    return address.rpartition(":")[2]
