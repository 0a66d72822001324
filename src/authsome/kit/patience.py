"""Wait out a database that is away for a moment, where what is to be written cannot be had twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from authsome.kit.errors import UnavailableError

T = TypeVar("T")
ATTEMPTS, BETWEEN_SECONDS = 60, 1.0


async def patiently(act: Callable[[bool], Awaitable[T]]) -> T:
    """What `act` returns, tried for a minute. Raises `UnavailableError` when that is over.

    It is told whether it was tried before: then it may be done, for a commit whose answer is lost stands.
    """
    for attempt in range(ATTEMPTS - 1):
        try:
            return await act(attempt > 0)
        except UnavailableError:
            await asyncio.sleep(BETWEEN_SECONDS)
    return await act(True)
