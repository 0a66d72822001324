"""A file that is there whole or not at all, and that only its owner can read."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from authsome.cli.refusal import FileUnusable


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write to, in a folder of its own beside `path`; it gets its name when the block ends well.

    A folder, so that what else is written on the way is as private and goes with it. It is left behind only
    by `kill -9`. Raises `FileUnusable` for what is not a file: a device would be replaced by one.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise FileUnusable(
            f"{path} is not a file", hint="name a file, or leave --output away for the terminal"
        )
    with (
        _ended_by_signals(),
        tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder,
    ):
        draft = Path(folder) / target.name
        yield draft
        draft.chmod(0o600)
        _settle(draft)
        draft.replace(target)
        _settle(target.parent)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """The signal that ends a process by default ends the block instead, which then cleans up."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _settle(path: Path) -> None:
    """On the disk before it has its name: a power cut leaves the file before or the file after."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
