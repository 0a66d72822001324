"""Fresh tokens for requests that wait: one task per connection, however many ask for it.

The task goes on when whoever asked has left, because a provider that has answered must not be asked again.
Requests of other connections never wait for it.
"""

from __future__ import annotations

import asyncio
import logging

from authsome.connection.errors import NeedsReconnection, RefreshSlow
from authsome.connection.model import BrokenReason, Connection
from authsome.connection.oauth.renew import Renewer
from authsome.kit.clock import Clock
from authsome.kit.errors import AuthsomeError, InternalFailure

log = logging.getLogger("authsome.renewals")

PATIENCE_SECONDS = 8.0  # below the proxy's own, so that what is waited for is said
EARLY_PATIENCE_SECONDS = 1.0  # while the old token still works
STOP_SECONDS = 5.0


class Renewals:
    """For the event loop only."""

    def __init__(self, renewer: Renewer, clock: Clock, *, patience: float = PATIENCE_SECONDS) -> None:
        self._renewer = renewer
        self._clock = clock
        self._patience = patience
        self._flights: dict[tuple[str, int], asyncio.Task[Connection]] = {}

    def needs(self, connection: Connection) -> bool:
        """Whether this connection's token is about to end, or has ended."""
        now = self._clock.now()
        return connection.is_due(now) or connection.is_spent(now)

    async def fresh(self, connection: Connection) -> Connection:
        """A connection whose token is good for a request; the same one where nothing better can be had.

        Raises `NeedsReconnection`, and `RefreshFailed` or `RefreshSlow` where the old token is spent.
        """
        now = self._clock.now()
        if not connection.is_spent(now):
            return await self._early(connection) if connection.is_due(now) else connection
        if not connection.is_refreshable:
            raise await self.give_up(connection, BrokenReason.EXPIRED)
        return await self.renew(connection)

    async def renew(self, connection: Connection) -> Connection:
        """The connection with a newer token. Raises as `Renewer.renew` does, and `RefreshSlow`."""
        return await self._wait(connection, self._patience)

    async def give_up(self, connection: Connection, reason: BrokenReason) -> NeedsReconnection:
        """Mark it broken; returns what to say."""
        return await self._renewer.give_up(
            connection_id=connection.id, version=connection.version, reason=reason
        )

    async def drain(self) -> None:
        """Let questions that are under way be answered and sealed; part of a stop."""
        if self._flights:
            await asyncio.wait(list(self._flights.values()), timeout=STOP_SECONDS)

    async def _early(self, connection: Connection) -> Connection:
        try:
            return await self._wait(connection, EARLY_PATIENCE_SECONDS)
        except NeedsReconnection:
            raise
        except AuthsomeError:
            return connection

    async def _wait(self, connection: Connection, seconds: float) -> Connection:
        key = (connection.id, connection.version)
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = asyncio.create_task(self._fly(connection))
            flight.add_done_callback(lambda done: self._land(key, done))
        try:
            async with asyncio.timeout(seconds):
                renewed = await asyncio.shield(flight)
        except TimeoutError:
            raise RefreshSlow from None
        return renewed

    async def _fly(self, connection: Connection) -> Connection:
        try:
            return await self._renewer.renew(connection_id=connection.id, version=connection.version)
        except AuthsomeError:
            raise
        except Exception:  # edge: background task
            log.exception("asking for a token failed")
            raise InternalFailure from None

    def _land(self, key: tuple[str, int], flight: asyncio.Task[Connection]) -> None:
        del self._flights[key]
        if not flight.cancelled():
            flight.exception()  # looked at, so that nobody is told of one that nobody waited for
