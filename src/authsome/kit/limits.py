"""Counting attempts, as nouns see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol


class Limits(Protocol):
    """Counts attempts across restarts and servers."""

    async def hit(self, key: str, *, at_most: int, within: timedelta) -> bool:
        """Count one attempt under `key`; False when it is past `at_most` in the current window."""
        ...

    async def give_back(self, key: str) -> None:
        """Take one attempt off again: it was no guess."""
        ...
