"""Usage, the second lane: a proxied request is counted, and does not wait for a transaction.

Counts lie in a bounded map and are handed to the books every few seconds. A full map drops, and the drop
is counted. When an hour is over on every living server, one `credentials_used` leaves per key, with the
hour's count, the last microsecond of the hour as its time, and a uuid from its key, so that a crash
between the event and its mark repeats nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from authsome.connection.model import UseOutcome
from authsome.connection.usage import HourOfUse, credentials_used
from authsome.kit.caller import Caller, Surface
from authsome.store.books.books import Books
from authsome.store.books.usage import UsageKey
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork

HOUR = timedelta(hours=1)
MOST_KEYS = 10_000
BATCH = 200


class UsageMeter:
    """Counts uses in memory. One per process; `count` is for the event loop only."""

    def __init__(self, store: Store, *, server_id: str, most_keys: int = MOST_KEYS) -> None:
        self._store = store
        self._server_id = server_id
        self._most_keys = most_keys
        self._counts: Counter[UsageKey] = Counter()
        self._started_at = store.clock.now()
        self.dropped = 0

    def count(self, *, identity_id: str, connection_id: str, surface: Surface, outcome: UseOutcome) -> None:
        """Count one use. Never blocks; drops, and counts the drop, when the map is full."""
        hour = self._store.clock.now().replace(minute=0, second=0, microsecond=0)
        key = UsageKey(hour, identity_id, connection_id, surface.value, outcome.value)
        if key not in self._counts and len(self._counts) >= self._most_keys:
            self.dropped += 1
            return
        self._counts[key] += 1

    async def flush(self) -> None:
        """Hand the counts to the books and say up to when that is complete."""
        counts, self._counts = self._counts, Counter()
        flushed_at, done = self._store.clock.now(), False
        try:
            await self._store.keep(lambda books: self._hand_in(books, counts, flushed_at))
            done = True
        finally:
            if not done:
                self._counts.update(counts)

    def _hand_in(self, books: Books, counts: Mapping[UsageKey, int], flushed_at: datetime) -> None:
        books.usage.add(counts)
        books.servers.report(
            self._server_id, started_at=self._started_at, flushed_at=flushed_at, dropped=self.dropped
        )


async def report_closed_hours(store: Store, server: Caller) -> int:
    """Record one event for each key of the hours that are over everywhere; returns how many."""
    until = await store.keep(lambda books: books.servers.closed_until())
    before = until.replace(minute=0, second=0, microsecond=0)
    found = await store.keep(lambda books: books.usage.list_unreported(before, BATCH))
    if found:
        await store.write(server, lambda work: _record(store, work, found))
        await store.keep(lambda books: books.usage.mark_reported([key for key, _ in found]))
    return len(found)


def _record(store: Store, work: UnitOfWork, found: list[tuple[UsageKey, int]]) -> None:
    for key, count in found:
        use = _use(work, key, count)
        if use is not None:
            event = credentials_used(use)
            if not work.event_log.has_uuid(store.appender.uuid_of(event.name, event.usage_key)):
                work.record_at(event, use.occurred_at)


def _use(work: UnitOfWork, key: UsageKey, count: int) -> HourOfUse | None:
    identity, connection = work.identities.find(key.identity_id), work.connections.find(key.connection_id)
    if identity is None or connection is None:
        return None
    return HourOfUse(
        hour=key.hour,
        identity=identity,
        connection=connection,
        surface=Surface(key.surface),
        outcome=UseOutcome(key.outcome),
        count=count,
    )
