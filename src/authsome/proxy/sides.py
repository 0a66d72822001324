"""What an exchange joins: the agent's side as it sees it, and what it needs to reach a provider."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from authsome.kit.errors import AuthsomeError
from authsome.proxy.gate import Gate, Refusal
from authsome.proxy.http.stream import Bytes
from authsome.proxy.limits import Limits
from authsome.proxy.upstream.dial import Dialer
from authsome.proxy.upstream.pool import Pool


class Agent(Protocol):
    """The agent's side, as an exchange sees it."""

    @property
    def is_last(self) -> bool:
        """No further request will be taken on this connection."""
        ...

    @property
    def is_full(self) -> bool:
        """The agent does not keep up with what is written to it."""
        ...

    def write(self, data: Bytes) -> None: ...

    def proceed(self) -> None:
        """Read on."""
        ...

    def hold(self) -> None:
        """Read no further for now."""
        ...

    def alive(self) -> None:
        """Something moved: begin the wait anew."""
        ...

    def finish(self, *, close: bool) -> None:
        """The exchange is over; `close` ends the connection in good order."""
        ...

    def refuse(self, error: AuthsomeError | Refusal) -> None:
        """Answer for the provider, and close."""
        ...

    def abort(self) -> None:
        """Break the connection, so that nobody takes what was sent for the whole."""
        ...


class Reach:
    """What exchanges need of the house: the gate, and the ways to providers."""

    def __init__(self, gate: Gate, *, dialer: Dialer, pool: Pool, limits: Limits) -> None:
        self.gate = gate
        self.dialer = dialer
        self.pool = pool
        self.limits = limits
        self.buffer = memoryview(bytearray(limits.read))
        self.tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, task: asyncio.Task[Any]) -> None:
        """Hold on to a task until it is done; the event loop alone would let it be collected."""
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
