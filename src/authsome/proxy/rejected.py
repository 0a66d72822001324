"""When a provider answers 401: whether a newer token is worth asking for, and when a connection is given up.

An agent chooses what it asks of a provider, and some providers answer 401 to what the person may not do. One
such address must neither have the provider asked for tokens all the time nor break the connection for others.
So a token is asked for once a minute at most, and a connection is given up only where even a token that was
just made is refused and nothing else was accepted for a while.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from authsome.connection.model import Connection, Flow
from authsome.identity.model import Identity
from authsome.proxy.gate import Passage, Refusal
from authsome.run.model import Run

BETWEEN_SECONDS = 60.0
ACCEPTED_SECONDS = 600.0
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Behind:
    """What the gate remembers with a passage: to count its use, and to open it once more."""

    identity: Identity
    connection: Connection
    run: Run
    host: str
    port: int
    is_second_try: bool = False


def behind(passage: Passage) -> Behind:
    """What the gate put there."""
    found = passage.opaque
    assert isinstance(found, Behind)
    return found


class Rejections:
    """What this process has seen of connections with tokens lately. For the event loop only."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._renewed: dict[str, tuple[float, int]] = {}
        self._accepted: dict[str, float] = {}

    def note_accepted(self, connection: Connection) -> None:
        if connection.flow is not Flow.API_KEY:
            _make_room(self._accepted)
            self._accepted[connection.id] = self._monotonic()

    def note_renewal(self, connection: Connection) -> None:
        _make_room(self._renewed)
        self._renewed[connection.id] = (self._monotonic(), connection.version)

    def may_renew(self, connection: Connection) -> bool:
        """Requests that were rejected together share one renewal: that of the version which they carried."""
        at, version = self._renewed.get(connection.id, (-BETWEEN_SECONDS, 0))
        return version >= connection.version or self._monotonic() - at >= BETWEEN_SECONDS

    def is_final(self, one: Behind) -> bool:
        """Whether a rejection says that the connection itself is not taken any more."""
        connection = one.connection
        if connection.flow is Flow.API_KEY or (connection.is_refreshable and not one.is_second_try):
            return False
        at = self._accepted.get(connection.id)
        return at is None or self._monotonic() - at >= ACCEPTED_SECONDS


def _make_room(seen: dict[str, Any]) -> None:
    if len(seen) >= MOST:
        seen.clear()


class TokenRenewal:
    """Satisfies `gate.Renewal`."""

    __slots__ = ("_behind", "_rejections", "_renew")

    def __init__(
        self,
        renew: Callable[[Behind], Awaitable[Passage | Refusal]],
        rejections: Rejections,
        one: Behind,
    ) -> None:
        self._renew = renew
        self._rejections = rejections
        self._behind = one

    def is_open(self) -> bool:
        return self._rejections.may_renew(self._behind.connection)

    async def renew(self) -> Passage | Refusal:
        return await self._renew(self._behind)
