"""Delete facts whose time is over, and keep their share of the numbers.

Order makes it safe to die anywhere: first the share is added to the baseline and the retention mark moves,
in one transaction; then everything up to the mark is deleted. Whoever comes next deletes what is left before
the mark, and a rebuild reads the log from the mark on, so no fact counts twice or not at all.

The mark is the cursor `retention`. It keeps the chain value of the last deleted fact: the rest of the log
still verifies from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, select

from authsome.analytics.projections import rollups
from authsome.analytics.projections.fold import Folded, fold
from authsome.analytics.projections.project import RETENTION
from authsome.store.books.books import Books
from authsome.store.books.cursors import Cursor
from authsome.store.tables.log import event_local, event_log
from authsome.store.transactions import Store
from authsome.store.view import View

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Share:
    """A stretch of the log that may go: its end, the chain value there, and what it adds up to."""

    upto: int
    chain: bytes
    folded: Folded


async def retain(store: Store, *, keep_audit: timedelta, time_zone: str) -> int:
    """Delete what is older than `keep_audit` and behind every enabled reader; returns how many facts.

    Facts go from the front only, so that the rest stays one chain: one young fact holds back all behind it.
    """
    before, zone = store.clock.now() - keep_audit, ZoneInfo(time_zone)
    deleted = await _delete(store, (await store.keep(_open)).position)
    while (upto := await _seal_next(store, before, zone)) is not None:
        deleted += await _delete(store, upto)
    return deleted


async def _seal_next(store: Store, before: datetime, zone: ZoneInfo) -> int | None:
    """Add the next share to the baseline; returns how far that goes, None when nothing more may go."""
    mark, limit = await store.keep(lambda books: (_open(books), books.cursors.slowest_enabled()))
    share = await store.read(lambda view: _share(view, (mark.position, limit), before, zone))
    if share is None or not await store.keep(lambda books: _seal(books, mark, share)):
        return None
    return share.upto


def _open(books: Books) -> Cursor:
    found = books.cursors.find(RETENTION)
    if found is None:
        books.cursors.open(RETENTION)
        books.cursors.set(RETENTION, enabled=False)  # it pins nothing, least of all itself
    return found or books.cursors.open(RETENTION)


def _share(view: View, between: tuple[int, int | None], before: datetime, zone: ZoneInfo) -> Share | None:
    after, limit = between
    upto = 0
    facts = []
    for fact in view.event_log.after(after, BATCH):
        if fact.occurred_at >= before or (limit is not None and (fact.position or 0) > limit):
            break
        facts.append(fact)
        upto = fact.position or 0
    if not facts:
        return None
    chain = view.connection.execute(select(event_log.c.chain).where(event_log.c.position == upto)).scalar()
    return Share(upto, bytes(chain or b""), fold(facts, zone))


def _seal(books: Books, seen: Cursor, share: Share) -> bool:
    slowest = books.cursors.slowest_enabled()
    if slowest is not None and slowest < share.upto:
        return False  # a reader was set back meanwhile
    if not books.cursors.move(RETENTION, seen=seen.position, to=share.upto):
        return False
    books.cursors.set(RETENTION, state={"chain": share.chain.hex()})
    rollups.add(books.connection, share.folded, rollups.BASELINES)
    return True


async def _delete(store: Store, mark: int) -> int:
    """Delete up to the mark, once the mark itself cannot be lost any more."""
    if not await store.database.books.run(_make_durable):
        return 0

    def run(connection: Connection) -> int:
        gone = event_log.c.position <= mark
        ids = select(event_log.c.id).where(gone)
        connection.execute(delete(event_local).where(event_local.c.event_id.in_(ids)))
        return connection.execute(delete(event_log).where(gone)).rowcount

    return await store.keep_log(run)


def _make_durable(connection: Connection) -> bool:
    """On SQLite the books are written without `fsync`, the log with it: a power cut could take back the
    mark and not the deletion. A checkpoint syncs the books; False when somebody reads them just now."""
    if connection.dialect.name != "sqlite":
        return True
    # Past SQLAlchemy, which would begin a transaction: a checkpoint cannot run inside one.
    cursor = connection.connection.cursor()
    try:
        cursor.execute("PRAGMA wal_checkpoint(FULL)")
        (busy, *_counts) = cursor.fetchone() or (1,)
    finally:
        cursor.close()
    return not busy
