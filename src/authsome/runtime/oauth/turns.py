"""Turns to ask for tokens, kept in the books."""

from __future__ import annotations

from datetime import datetime, timedelta

from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.oauth.turns import LASTS, Busy, Resting, Taken
from authsome.store.books.books import Books
from authsome.store.transactions import Store


class CountedTurns:
    """Satisfies `connection.oauth.turns.Turns`."""

    def __init__(self, store: Store, *, lasts: timedelta = LASTS) -> None:
        self._store = store
        self._lasts = lasts

    async def take(self, connection_id: str, holder: str) -> Taken | Busy | Resting:
        def take(books: Books) -> Taken | Busy | Resting:
            turn = books.refreshes.take(connection_id, holder, lasts=self._lasts)
            if turn is None:
                return Busy()
            if turn.is_mine:
                return Taken(turn.failures, turn.asked_version)
            if turn.rests_until is not None and turn.rests_until > books.now and turn.because:
                return Resting(RefreshFailure(turn.because))
            return Busy()

        return await self._store.keep(take)

    async def keep(self, connection_id: str, holder: str) -> bool:
        lasts = self._lasts
        return await self._store.keep(lambda books: books.refreshes.keep(connection_id, holder, lasts=lasts))

    async def note_asked(self, connection_id: str, holder: str, version: int) -> bool:
        return await self._store.keep(
            lambda books: books.refreshes.note_asked(connection_id, holder, version, lasts=self._lasts)
        )

    async def rest(
        self, connection_id: str, holder: str, *, because: RefreshFailure, until: datetime
    ) -> None:
        await self._store.keep(
            lambda books: books.refreshes.rest(connection_id, holder, because=because.value, until=until)
        )

    async def drop(self, connection_id: str, holder: str) -> None:
        await self._store.keep(lambda books: books.refreshes.drop(connection_id, holder))
