"""Give committed facts their position, and extend the hash chain over them.

On PostgreSQL neither the sequence nor the transaction id is commit order: a writer with an older
transaction can hold a newer `seq` and commit later, so a reader that remembers the largest `seq` it saw
skips that row for ever. Here a row gets its `position` only after it is visible, from one counter whose
row lock is the sequencer's lease. Whoever cannot have the lock goes home: somebody else is doing it.

On SQLite there is one writer at a time, so rows are placed as they are inserted.

Causes keep their order: if one commit was visible before another began, its rows are seen no later and
have the smaller `seq`, and within a batch `seq` decides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from authsome.kit.clock import to_micros
from authsome.kit.errors import BrokenError
from authsome.store.spelled import Spelled
from authsome.store.tables.columns import canonical
from authsome.store.tables.log import event_log, log_head

BATCH = 1_000
GENESIS = bytes(32)
CHAINED = (
    "position id uuid name version occurred_at subject_kind subject_id actor_kind actor_id fields digests"
).split()


def sequence(connection: Connection, limit: int = BATCH) -> int:
    """Position up to `limit` facts inside the caller's transaction; returns how many it did."""
    query = select(event_log).where(event_log.c.position.is_(None)).order_by(event_log.c.seq).limit(limit)
    if not _lock(connection):
        return 0
    rows = [dict(row) for row in connection.execute(query).mappings()]
    if rows:
        place(connection, rows)
        values = [{"of_seq": r["seq"], "of_position": r["position"], "of_chain": r["chain"]} for r in rows]
        connection.execute(_PLACE, values)
    return len(rows)


_PLACE = (
    update(event_log)
    .where(event_log.c.seq == bindparam("of_seq"))
    .values(position=bindparam("of_position"), chain=bindparam("of_chain"))
)


# Built once: putting a statement together costs more than running it.
_HEAD = select(log_head.c.position, log_head.c.chain)
_MOVE = Spelled(
    update(log_head)
    .where(log_head.c.position == bindparam("from_position"), log_head.c.chain == bindparam("from_chain"))
    .values(position=bindparam("to_position"), chain=bindparam("to_chain")),
    names=("from_position", "from_chain", "to_position", "to_chain"),
    types={},
)


@dataclass(frozen=True, slots=True)
class Head:
    """The last position that was given, and the value of the hash chain there."""

    position: int
    chain: bytes


def place(connection: Connection, rows: Sequence[dict[str, Any]], *, known: Head | None = None) -> Head:
    """Give rows, in this order, the next positions and chain values, and move the head behind them.

    `known` is where the caller believes the head to be; it saves a query. The head moves only from there:
    where the belief is wrong (its transaction was undone, another process wrote) it is looked up.
    """
    if known is not None:
        moved = _extend(known, rows)
        if _move(connection, known, moved):
            return moved
    head = connection.execute(_HEAD).one()
    found = Head(head.position, head.chain)
    moved = _extend(found, rows)
    if not _move(connection, found, moved):
        raise BrokenError("the head of the event log moved while it was held")
    return moved


def _extend(head: Head, rows: Sequence[dict[str, Any]]) -> Head:
    position, chain = head.position, head.chain
    for row in rows:
        position += 1
        row["position"] = position
        row["chain"] = chain = link(chain, row)
    return Head(position, chain)


def _move(connection: Connection, head: Head, to: Head) -> bool:
    values = {
        "from_position": head.position,
        "from_chain": head.chain,
        "to_position": to.position,
        "to_chain": to.chain,
    }
    return _MOVE.run(connection, [values]).rowcount == 1


def _lock(connection: Connection) -> bool:
    """Hold the head for the rest of the transaction, or learn that somebody else does."""
    if connection.dialect.name == "sqlite":
        return True
    lock = select(log_head.c.id).with_for_update(skip_locked=True)
    return connection.execute(lock).first() is not None


def link(previous: bytes, row: dict[str, Any]) -> bytes:
    """The chain value of `row`: a digest over the one before and everything the row says."""
    said = [to_micros(row[c]) if c == "occurred_at" else row[c] for c in CHAINED]
    return hashlib.sha256(previous + canonical(said).encode()).digest()
