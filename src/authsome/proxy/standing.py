"""What one agent's connection may do right now: the gate's last answer, and when it must be asked again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from authsome.kit.errors import AuthsomeError
from authsome.kit.secret import Secret
from authsome.proxy.errors import GateSlow
from authsome.proxy.gate import Gate, Refusal, RunPass
from authsome.proxy.inject import Injection
from authsome.proxy.limits import Limits
from authsome.proxy.replies import refusal_of


class Standing:
    """A run's token, one host and port, and what the gate said about them.

    The answer holds while the gate's generation is the same and for at most `Limits.decision_age`: a run
    that ends by silence commits nothing.
    """

    def __init__(self, gate: Gate, token: Secret, *, host: str, port: int, limits: Limits) -> None:
        self._gate = gate
        self._token = token
        self._limits = limits
        self._clock: Callable[[], float] = time.monotonic
        self._generation: int | bytes = 0
        self._until = 0.0
        self.host = host
        self.port = port
        self.run: RunPass | None = None
        self.injection: Injection | None = None

    def injection_now(self) -> Injection | None:
        """What to put into a request at this moment, or None when the gate must be asked first."""
        if self._clock() < self._until and self._gate.generation() == self._generation:
            return self.injection
        return None

    async def ask(self) -> Injection | Refusal:
        """Ask the gate again, token and all."""
        # Read before asking: whatever is committed meanwhile makes this answer old at once.
        generation = self._gate.generation()
        asked = self._clock()
        self._until = 0.0
        try:
            async with asyncio.timeout(self._limits.decision_seconds):
                answer = await self._ask()
        except TimeoutError:
            return refusal_of(GateSlow())
        except AuthsomeError as error:
            return refusal_of(error)
        if isinstance(answer, Injection):
            self.injection = answer
            self._generation = generation
            self._until = asked + self._limits.decision_age
        return answer

    async def _ask(self) -> Injection | Refusal:
        run = await self._gate.admit(self._token)
        if isinstance(run, Refusal):
            return run
        self.run = run
        passage = await self._gate.open(run, self.host, self.port)
        if isinstance(passage, Refusal):
            return passage
        return Injection(passage)
