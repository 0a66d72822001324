"""Ask about all codes that people are typing: every second a look, and each at its own pace."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from functools import partial

from authsome.auth_session.errors import AnswerForeign, AuthSessionGone, AuthSessionMissing
from authsome.auth_session.oauth.finish import Parts
from authsome.auth_session.oauth.poll import poll
from authsome.kit.caller import Caller
from authsome.store.books.books import Books
from authsome.store.transactions import Store

log = logging.getLogger("authsome.devices")

# Longer than a question and the minute for which its answer is sealed again and again (`kit.patience`): the
# code is used up by then, and must not be asked about by another server. So long a dead server's turn lasts.
LASTS = timedelta(minutes=2)
MOST_AT_ONCE, MOST_WAITING = 16, 1_000
_PREFIX, _NOBODY = "device:", "nobody"


class CountedPollTurns:
    """Satisfies `auth_session.oauth.poll.PollTurns`, by leases."""

    def __init__(self, store: Store, *, lasts: timedelta = LASTS) -> None:
        self._store = store
        self._lasts = lasts

    async def take(self, session_id: str, holder: str) -> bool:
        name, lasts = _PREFIX + session_id, self._lasts
        return await self._store.keep(lambda books: books.leases.take(name, holder, lasts=lasts))

    async def hold(self, session_id: str, holder: str, seconds: float) -> None:
        name = _PREFIX + session_id

        def hold(books: Books) -> None:
            books.leases.release(name, holder)
            books.leases.take(name, _NOBODY, lasts=timedelta(seconds=seconds))

        await self._store.keep(hold)

    async def drop(self, session_id: str) -> None:
        await self._store.keep(lambda books: books.leases.drop(_PREFIX + session_id))


class DevicePolls:
    """For the event loop only. A slow provider takes one of its places, and delays no other session."""

    def __init__(self, parts: Parts, store: Store, *, server: Caller) -> None:
        self._parts = parts
        self._store = store
        self._turns = CountedPollTurns(store)
        self._server = server
        self._flights: dict[str, asyncio.Task[None]] = {}

    async def look(self) -> bool:
        """Begin a question for each session whose turn it may be. Never more to do at once."""
        waiting = await self._store.read(
            lambda view: view.auth_sessions.list_devices_waiting(view.now, MOST_WAITING)
        )
        due = await self._due([session.id for session in waiting if session.id not in self._flights])
        for session_id in due[: MOST_AT_ONCE - len(self._flights)]:
            flight = self._flights[session_id] = asyncio.create_task(self._fly(session_id))
            flight.add_done_callback(partial(self._land, session_id))
        return False

    async def drain(self, seconds: float) -> None:
        """Let questions that are under way be answered and sealed; part of a stop."""
        if self._flights:
            await asyncio.wait(list(self._flights.values()), timeout=seconds)

    async def _due(self, session_ids: list[str]) -> list[str]:
        """Those whom nobody holds. One look for all: taking turns is a write."""
        if not session_ids:
            return []
        return await self._store.keep(
            lambda books: [one for one in session_ids if not books.leases.is_live(_PREFIX + one)]
        )

    def _land(self, session_id: str, _flight: asyncio.Task[None]) -> None:
        del self._flights[session_id]

    async def _fly(self, session_id: str) -> None:
        try:
            await poll(self._parts, self._turns, session_id=session_id, server=self._server)
        except (AnswerForeign, AuthSessionGone, AuthSessionMissing):
            await self._turns.drop(session_id)  # it was ended while it was asked about
        except Exception:  # edge: background task
            log.exception("asking about a code failed")


def forget_past(books: Books) -> None:
    """Drop the turns of sessions that have ended some other way."""
    for name in books.leases.list_lapsed(_PREFIX, 1_000):
        books.leases.drop(name)
