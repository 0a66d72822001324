"""Has anything been committed since I last looked?

Eight random bytes in a file that every process of the machine maps into memory. A commit writes new ones;
whoever caches a decision keeps the bytes it read *before* asking the database and compares them for each
request, which costs no system call. Random and not counted: two processes that count at once could leave
the same number for two states. Across machines, where no memory is shared, decisions are kept for less
than a second instead (`MAX_AGE_SECONDS`).
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path

from authsome.kit.ids import Entropy

SIZE = 8
MAX_AGE_SECONDS = 0.5


class Generation:
    """The mark of the last commit, shared by all processes that open the same file."""

    def __init__(self, path: Path, entropy: Entropy) -> None:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(handle, SIZE)
            self._memory = mmap.mmap(handle, SIZE)
        finally:
            os.close(handle)
        self._entropy = entropy

    def current(self) -> bytes:
        return self._memory[:SIZE]

    def bump(self) -> None:
        """Void what was decided before. Called after each commit, before anybody is answered."""
        self._memory[:SIZE] = self._entropy.bytes(SIZE)

    def close(self) -> None:
        self._memory.close()
