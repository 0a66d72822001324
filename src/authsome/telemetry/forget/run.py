"""The worker: forgets what is left here, queues erasures, and asks PostHog for one at a time."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from authsome.kit.ids import Entropy
from authsome.store.books.books import Books
from authsome.store.books.deletions import Deletion, DeletionState
from authsome.store.forget import forget_some, is_forgetting
from authsome.store.transactions import Store
from authsome.telemetry.consent import cursor_name
from authsome.telemetry.forget.ask import Asker, Patience
from authsome.telemetry.forget.collect import READER, Known, collect, known_as
from authsome.telemetry.mode import ModeDecision, TelemetrySettings
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.telemetry.sinks.posthog import NAME
from authsome.telemetry.sinks.posthog.private.access import Access, find_access

LOGGER = logging.getLogger("authsome.telemetry")
LEASE = timedelta(minutes=3)  # longer than a request with its answer
LOOK_FOR_RELAY = timedelta(seconds=1)


class Forgetter:
    """Takes one step with each `step`. `holder` names this process among all servers."""

    def __init__(
        self,
        store: Store,
        settings: TelemetrySettings,
        decision: ModeDecision,
        *,
        key: PseudonymKey,
        holder: str,
        entropy: Entropy,
        patience: Patience | None = None,
    ) -> None:
        self._store = store
        self._access = find_access(settings, decision)
        self._key = key
        self._holder = holder
        self._entropy = entropy
        self._patience = patience or Patience()
        self._has_hurried = False

    async def step(self) -> bool:
        """Do what is due; true while there may be more."""
        if not self._has_hurried:
            await self._store.keep(lambda books: books.deletions.hurry())
            self._has_hurried = True
        more = False
        if await self._store.read(lambda view: is_forgetting(view.connection)):
            _erased, more = await self._store.keep_log(forget_some)
        if await collect(self._store):
            await self._store.database.writer.run(_empty_wal)
            more = True
        due = await self._store.keep(self._take)
        if due is None:
            return more
        after = await self._go_on(due)
        await self._store.keep(lambda books: books.deletions.keep(after))
        if after.state is not due.state or after.because != due.because:
            LOGGER.info("erasure %s at PostHog: %s", due.erasure_id, after.because or after.state)
        return True

    def _take(self, books: Books) -> Deletion | None:
        due = books.deletions.next_due()
        if due is None or not books.leases.take(READER, self._holder, lasts=LEASE):
            return None
        return due

    async def _go_on(self, due: Deletion) -> Deletion:
        now = self._store.clock.now()
        known = await self._store.read(lambda view: known_as(view, due.erasure_id, self._key))
        if not known.ever_sent:
            return replace(due, state=DeletionState.NOT_NEEDED, because=None)
        if known.lost_keys:
            LOGGER.warning("erasure %s: pseudonyms of a lost key cannot be named", due.erasure_id)
        if not isinstance(self._access, Access):
            stuck = timedelta(seconds=self._patience.stuck)
            return replace(due, because=self._access.because, next_at=now + stuck)
        if due.state is DeletionState.WAITING and not await self._relay_is_past(due):
            return replace(due, next_at=now + LOOK_FOR_RELAY)
        return await self._ask(due, known, self._access)

    async def _relay_is_past(self, due: Deletion) -> bool:
        """Whether nothing of the subject can still be on its way: what PostHog takes later it keeps."""
        cursor = await self._store.keep(lambda books: books.cursors.find(cursor_name(NAME)))
        waited = (self._store.clock.now() - due.erased_at).total_seconds()
        return cursor is None or cursor.position >= due.position or waited >= self._patience.relay

    async def _ask(self, due: Deletion, known: Known, access: Access) -> Deletion:
        # Imported here: an HTTP library is a tenth of a server's start.
        from authsome.telemetry.sinks.posthog.private.call import PrivateApi

        api = PrivateApi(access, clock=self._store.clock)
        try:
            return await Asker(api, known, self._patience, entropy=self._entropy).step(
                due, self._store.clock.now()
            )
        finally:
            await api.close()


def _empty_wal(connection: Connection) -> None:
    """SQLite keeps pages as they were before in its write-ahead log until that is written anew."""
    if connection.dialect.name == "sqlite":
        # Past SQLAlchemy, which would begin a transaction: a checkpoint cannot run inside one.
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
