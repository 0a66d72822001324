"""A clock that stands until it is told to go on, and entropy that repeats."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 1, tzinfo=UTC)


class SimulatedClock:
    """Tells the time it was given. `tick` is added at every look, so that order is visible."""

    def __init__(self, start: datetime = START, *, tick: timedelta = timedelta(microseconds=1)) -> None:
        self.moment = start
        self._tick = tick

    def now(self) -> datetime:
        self.moment += self._tick
        return self.moment

    def advance(self, by: timedelta) -> None:
        self.moment += by


class SeededEntropy:
    """The same bytes for the same seed. For tests and sample data only: anyone can predict them."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._count = 0

    def bytes(self, count: int) -> bytes:
        out = b""
        while len(out) < count:
            self._count += 1
            out += hashlib.sha256(f"{self._seed}:{self._count}".encode()).digest()
        return out[:count]
