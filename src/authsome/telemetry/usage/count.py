"""Usage, the second lane: a request is counted, and does not wait for a transaction.

Proxied requests are counted by connection, those to the API and for pages by who asked and through which
door; strangers' are not. Counts lie in bounded maps and are handed to the books every few seconds. A full map
drops, and the drop is counted. What becomes of an hour that is over is in `report`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Generic, TypeVar

from authsome.connection.model import UseOutcome
from authsome.kit.caller import Caller, RequestOutcome, Surface
from authsome.kit.clock import Clock
from authsome.store.books.books import Books
from authsome.store.books.usage import HourlyCounts, RequestKey, UsageKey
from authsome.store.transactions import Store

MOST_KEYS = 10_000  # in each map
AT_ONCE = 1_000  # keys in one transaction: signed requests wait for the books meanwhile

K = TypeVar("K", bound=UsageKey | RequestKey)


class UsageMeter:
    """Counts in memory. One per process; `count…` are for the event loop only, and never block or fail."""

    def __init__(self, store: Store, *, server_id: str, most_keys: int = MOST_KEYS) -> None:
        self._store = store
        self._server_id = server_id
        self._uses = Lane[UsageKey](lambda books: books.usage, most_keys)
        self._requests = Lane[RequestKey](lambda books: books.requests, most_keys)
        self._started_at = store.clock.now()
        self._flushing: asyncio.Task[None] | None = None

    @property
    def dropped(self) -> int:
        """What was not counted since the start, because a map was full or its hour had left."""
        return self._uses.dropped + self._requests.dropped

    def count(self, *, identity_id: str, connection_id: str, surface: Surface, outcome: UseOutcome) -> None:
        """Count one use of a connection."""
        hour = _hour(self._store.clock)
        self._uses.count(UsageKey(hour, identity_id, connection_id, surface.value, outcome.value))

    def count_request(self, caller: Caller, outcome: RequestOutcome) -> None:
        """Count one request of an identity or principal to the API or for a page."""
        identity_id, principal_id = caller.identity_id or "", caller.principal_id or ""
        if identity_id or principal_id:
            hour = _hour(self._store.clock)
            key = RequestKey(hour, identity_id, principal_id, caller.surface.value, outcome.value)
            self._requests.count(key)

    async def flush(self) -> None:
        """Hand the counts to the books and say up to when that is complete.

        A flush that is cancelled goes on, and the next waits for it: what is under way is neither lost nor
        handed in twice.
        """
        if self._flushing is not None:
            await asyncio.wait([self._flushing])
        self._flushing = asyncio.create_task(self._flush())  # noqa: TID251 - held until the next
        await asyncio.shield(self._flushing)

    async def _flush(self) -> None:
        flushed_at = self._store.clock.now()
        await self._uses.hand_in(self._store)
        await self._requests.hand_in(self._store)
        await self._store.keep(
            lambda books: books.servers.report(
                self._server_id, started_at=self._started_at, flushed_at=flushed_at, dropped=self.dropped
            )
        )


class Lane(Generic[K]):
    """The counts of one kind, on their way to `book`."""

    def __init__(self, book: Callable[[Books], HourlyCounts[K]], most_keys: int) -> None:
        self._book = book
        self._most_keys = most_keys
        self._counts: Counter[K] = Counter()
        self.dropped = 0

    def count(self, key: K, times: int = 1) -> None:
        if key not in self._counts and len(self._counts) >= self._most_keys:
            self.dropped += times
        else:
            self._counts[key] += times

    async def hand_in(self, store: Store) -> None:
        """Hand everything in, some keys at a time; what cannot be handed in is counted again."""
        waiting, self._counts = self._counts, Counter()
        try:
            while part := {key: waiting[key] for key in islice(waiting, AT_ONCE)}:
                self.dropped += await store.keep(partial(self._add, counts=part))
                for key in part:
                    del waiting[key]
        finally:
            for key, times in waiting.items():
                self.count(key, times)

    def _add(self, books: Books, counts: Mapping[K, int]) -> int:
        """Returns how much came too late: its hour has left, for the others thought this server dead."""
        book, this_hour = self._book(books), _begin(books.now)
        past = {key.hour for key in counts if key.hour < this_hour}
        late = book.reported_of(sorted(past)) & counts.keys() if past else set()
        book.add({key: times for key, times in counts.items() if key not in late})
        return sum(counts[key] for key in late)


def _hour(clock: Clock) -> datetime:
    return _begin(clock.now())


def _begin(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
