"""How fast to fold a backlog in a process that has other work: at full speed, or mostly resting.

Python runs one thread at a time, and a thread that computes keeps the others waiting at every turn. A rebuild
at full speed was measured to halve the registrations that the same server takes. So after each batch there is
a moment's pause, in which whatever this process does is others' work. As long as there is some, the pause
goes on, up to several times the batch's length, and the next batch is small. A process with nothing else to
do goes on at once, and takes large batches, with fewer commits. A batch holds the books, for which signed
requests wait.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

SMALL, LARGE = 1_000, 5_000  # facts in a batch
LOOK, LEAST = 0.05, 0.02  # the moment's pause: this share of the batch's time, and at least so many seconds
BUSY = 0.1  # of a processor, used by others in that moment
REST = 8.0  # times the batch's time


class Pace:
    """`batch` is how large the next one is; `breathe` comes after each. The rest is passed in by tests."""

    def __init__(
        self,
        worked: Callable[[], float] = time.process_time,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._worked = worked
        self._clock = clock
        self._sleep = sleep
        self.begin()

    def begin(self) -> None:
        """The first batch begins."""
        self.batch = SMALL
        self._began = self._clock()

    async def breathe(self) -> None:
        """A batch is done: let others have their turn before the next one."""
        took = self._clock() - self._began
        moment, rested = max(LEAST, took * LOOK), 0.0
        self.batch = LARGE
        while rested < took * REST and await self._others(moment) > BUSY:
            self.batch, rested = SMALL, rested + moment
        self._began = self._clock()

    async def _others(self, moment: float) -> float:
        """How much of a processor the rest of this process uses, while we do nothing."""
        worked, began = self._worked(), self._clock()
        await self._sleep(moment)
        return (self._worked() - worked) / (self._clock() - began)
