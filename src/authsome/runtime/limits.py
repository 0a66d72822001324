"""Attempts counted in the books, for every server of the installation."""

from __future__ import annotations

from datetime import timedelta

from authsome.store.transactions import Store


class CountedLimits:
    """Satisfies `kit.limits.Limits`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def hit(self, key: str, *, at_most: int, within: timedelta) -> bool:
        return await self._store.keep(lambda books: books.limits.hit(key, at_most=at_most, within=within))

    async def give_back(self, key: str) -> None:
        await self._store.keep(lambda books: books.limits.give_back(key))
