"""Do a step again and again, until told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

log = logging.getLogger("authsome.background")


class Repeat:
    """Runs `step` every so many seconds, and soon after `wake`: `linger` seconds, so that what comes together
    is done together.

    A step that returns a true value has more to do and is run again at once. One that fails is logged and
    tried again after the usual pause: background work never ends a server.
    """

    def __init__(
        self, name: str, step: Callable[[], Awaitable[object]], *, every: float, linger: float = 0.0
    ) -> None:
        self._name = name
        self._linger = linger
        self._step = step
        self._every = every
        self._bell = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False

    def wake(self) -> None:
        """Look soon. From any thread; costs next to nothing when it is awake already."""
        loop = self._loop
        if loop is not None and not self._bell.is_set():
            with suppress(RuntimeError):  # the loop closed a moment ago
                loop.call_soon_threadsafe(self._bell.set)

    def stop(self) -> None:
        self._stopping = True
        self._bell.set()

    async def run(self) -> None:
        self._loop = asyncio.get_running_loop()
        while not self._stopping:
            self._bell.clear()
            if not await self._guarded():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._bell.wait(), self._every)
                    if self._linger and not self._stopping:
                        await asyncio.sleep(self._linger)

    async def _guarded(self) -> bool:
        try:
            return bool(await self._step())
        except Exception:  # edge: background task
            log.exception("%s failed and will be tried again", self._name)
            return False
