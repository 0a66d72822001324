"""Wait for something that another process does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], *, within: float = 30.0, what: str = "it") -> T:
    """The first true answer of `look`; fails when there is none within so many seconds."""
    deadline = time.monotonic() + within
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come about within {within} seconds: {found!r}")
        time.sleep(0.05)


async def eventually_async(look: Callable[[], Awaitable[T]], *, within: float = 30.0, what: str = "it") -> T:
    """The same for something that happens in this process, which must go on meanwhile."""
    deadline = time.monotonic() + within
    while True:
        found = await look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come about within {within} seconds: {found!r}")
        await asyncio.sleep(0.05)
