"""Whose turn it is to ask for a connection's next token: one server's at a time, kept in the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from authsome.connection.oauth.failure import RefreshFailure

# A server that ends in the middle holds the others up for so long; clocks of servers may differ by less.
LASTS = timedelta(seconds=10)
KEPT_EVERY_SECONDS = 2.5
SHORTEST_REST, LONGEST_REST = timedelta(seconds=1), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Taken:
    """It is ours. `asked_version` is what a server before us had asked for, of which no end is known."""

    failures: int
    asked_version: int | None


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody else asks at this moment."""


@dataclass(frozen=True, slots=True)
class Resting:
    """It failed a moment ago, and nobody asks before its time."""

    because: RefreshFailure


class Turns(Protocol):
    """The turns of all connections."""

    async def take(self, connection_id: str, holder: str) -> Taken | Busy | Resting: ...
    async def keep(self, connection_id: str, holder: str) -> bool:
        """Have it for longer; False once it is lost."""
        ...

    async def note_asked(self, connection_id: str, holder: str, version: int) -> bool:
        """Say that this version's refresh token leaves now; False where the turn is lost, and it stays."""
        ...

    async def rest(
        self, connection_id: str, holder: str, *, because: RefreshFailure, until: datetime
    ) -> None: ...
    async def drop(self, connection_id: str, holder: str) -> None: ...


def rest_after(failures: int, *, asked_for: timedelta | None, drawn: float) -> timedelta:
    """How long to leave a provider alone after so many failures in a row, or as long as it asked for.

    `drawn` is from 0 to 1: what failed together should not come back together.
    """
    doubled: timedelta = min(SHORTEST_REST * int(2 ** min(failures, 12)), LONGEST_REST)
    return max(doubled * (0.5 + drawn / 2), min(asked_for or timedelta(), LONGEST_REST))
