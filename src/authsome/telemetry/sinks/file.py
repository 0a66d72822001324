"""A file as a sink: every fact as one line of JSON, appended and synced before the cursor moves.

A crash between the two would write a batch twice, so what stands at the file's end is read first and not
written again; a last line that was torn is cut off. The file may be moved away at any time: the next batch
starts a new one.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path

from authsome.telemetry.sink import Outcome, Outgoing, RetryLater, Taken
from authsome.telemetry.sinks import FILE
from authsome.telemetry.sinks.lines import Lines, plain_line

TAIL = 4 * 1024 * 1024  # bytes; more than a relay sends between two moves of its cursor
REMEMBERED = 2_000  # uuids of what this process wrote last; as much as the tail, without reading it

_Stamp = tuple[int, int, int]


class FileSink(Lines):
    """Appends to the file at `path`, which only its owner may read. What it takes stays on the machine."""

    name = FILE
    needs_consent = False

    def __init__(self, path: Path) -> None:
        super().__init__(plain_line)
        self.destination = f"the file {path}"
        self._path = path
        self._seen: tuple[_Stamp, dict[str, None]] | None = None

    async def send(self, facts: Sequence[Outgoing]) -> Outcome:
        try:
            await asyncio.to_thread(self._append, facts)
        except OSError as error:
            return RetryLater(f"file: {error.strerror or type(error).__name__}")
        return Taken()

    async def close(self) -> None:
        """Holds nothing open."""

    def _append(self, facts: Sequence[Outgoing]) -> None:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        file = os.open(self._path, flags, 0o600)
        try:
            written = self._at_the_end(file)
            fresh = [fact for fact in facts if fact.uuid not in written]
            _write_all(file, self.render(fresh))
            os.fsync(file)
            latest = [*written, *(fact.uuid for fact in fresh)][-REMEMBERED:]
            self._seen = (_stamp(file), dict.fromkeys(latest))
        finally:
            os.close(file)

    def _at_the_end(self, file: int) -> dict[str, None]:
        """The uuids of the last lines; read anew only where somebody else touched the file, or at start."""
        if self._seen is not None and self._seen[0] == _stamp(file):
            return self._seen[1]
        size = os.fstat(file).st_size
        start = max(0, size - TAIL)
        tail = os.pread(file, size - start, start)
        whole = tail[: tail.rfind(b"\n") + 1]
        if len(whole) < len(tail):
            os.ftruncate(file, start + len(whole))
        lines = whole.split(b"\n")[1 if start else 0 :]
        return dict.fromkeys(uuid for line in lines if (uuid := _uuid(line)))


def _uuid(line: bytes) -> str | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    uuid = found.get("uuid") if isinstance(found, dict) else None
    return uuid if isinstance(uuid, str) else None


def _stamp(file: int) -> _Stamp:
    found = os.fstat(file)
    return (found.st_dev, found.st_ino, found.st_size)


def _write_all(file: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]
