"""Wait out a database that is away for a moment, where what is to be written cannot be had twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from authsome.kit.errors import UnavailableError

T = TypeVar("T")
ATTEMPTS, BETWEEN_SECONDS = 60, 1.0


async def patiently(act: Callable[[], Awaitable[T]]) -> T:
    """What `act` returns, tried for a minute. It may have been done before and nobody have heard of it: a
    commit whose answer is lost stands. Raises `UnavailableError` when the minute is over.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return await act()
        except UnavailableError:
            await asyncio.sleep(BETWEEN_SECONDS)
    return await act()
