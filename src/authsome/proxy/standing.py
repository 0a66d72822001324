"""What a run may do at one host right now: the gate's last answer, and when it must be asked again.

One for all connections that a run has to the same host and port. Each of them would otherwise ask for itself
after every commit, all at the same moment.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

from authsome.kit.errors import AuthsomeError
from authsome.kit.secret import Secret
from authsome.proxy.errors import GateSlow
from authsome.proxy.gate import Gate, Refusal, RunPass
from authsome.proxy.inject import Injection
from authsome.proxy.limits import Limits
from authsome.proxy.replies import refusal_of

Hold = Callable[[asyncio.Task[Any]], None]


class Standing:
    """A run's token, one host and port, and what the gate said about them.

    The answer holds while the gate's generation is the same and for at most `Limits.decision_age`: a run
    that ends by silence commits nothing. Nor does a grant that runs out, whose moment is known: the answer
    holds no longer than `Passage.lasts`. A refusal is for those who asked, and is not kept.
    """

    def __init__(
        self, gate: Gate, token: Secret, *, host: str, port: int, limits: Limits, hold: Hold
    ) -> None:
        self._gate = gate
        self._token = token
        self._limits = limits
        self._hold = hold
        self._generation: int | bytes = 0
        self._until = 0.0
        self._asking: asyncio.Task[Injection | Refusal] | None = None
        self._asked_in: int | bytes = 0
        self.host = host
        self.port = port
        self.run: RunPass | None = None
        self.injection: Injection | None = None

    def injection_now(self) -> Injection | None:
        """What to put into a request at this moment, or None when the gate must be asked first."""
        if time.monotonic() < self._until and self._gate.generation() == self._generation:
            return self.injection
        return None

    async def ask(self) -> Injection | Refusal:
        """Ask the gate again, token and all, or wait with those who do already.

        To wait with them is as good as to ask only while nothing was committed since they began: then
        whatever they are told, they are told of everything that was committed before this moment.
        """
        generation = self._gate.generation()
        asking = self._asking
        if asking is None or asking.done() or generation != self._asked_in:
            asking = asyncio.get_running_loop().create_task(self._ask_once(generation))
            self._hold(asking)
            self._asking, self._asked_in = asking, generation
        # Shielded: whoever leaves must not take the answer from the others.
        return await asyncio.shield(asking)

    async def _ask_once(self, generation: int | bytes) -> Injection | Refusal:
        # The generation was read before asking: what is committed meanwhile makes this answer old at once.
        asked = time.monotonic()
        try:
            async with asyncio.timeout(self._limits.decision_seconds):
                answer = await self._ask_gate()
        except TimeoutError:
            return refusal_of(GateSlow())
        except AuthsomeError as error:
            return refusal_of(error)
        if isinstance(answer, Injection) and generation == self._asked_in:  # not one that was overtaken
            self.injection, self._generation = answer, generation
            lasts = answer.passage.lasts
            age = self._limits.decision_age
            self._until = asked + (age if lasts is None else min(age, lasts))
        return answer

    async def _ask_gate(self) -> Injection | Refusal:
        run = await self._gate.admit(self._token)
        if isinstance(run, Refusal):
            return run
        self.run = run
        passage = await self._gate.open(run, self.host, self.port)
        if isinstance(passage, Refusal):
            return passage
        return Injection(passage)


class Standings:
    """Those of all open connections. One is forgotten with the last connection that looks at it."""

    def __init__(self, gate: Gate, limits: Limits, hold: Hold) -> None:
        """`hold` keeps a task alive until it is done, or until the proxy stops."""
        self._gate = gate
        self._limits = limits
        self._hold = hold
        self._known: WeakValueDictionary[tuple[str, str, int], Standing] = WeakValueDictionary()

    def of(self, token: Secret, host: str, port: int) -> Standing:
        """The one for this token at this host and port."""
        key = (token.digest(), host, port)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Standing(
                self._gate, token, host=host, port=port, limits=self._limits, hold=self._hold
            )
        return found

    def __len__(self) -> int:
        return len(self._known)
