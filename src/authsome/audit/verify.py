"""Follow the hash chain and say whether the record is the one that was written."""

from __future__ import annotations

import hmac
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from authsome.store.event_log import digest
from authsome.store.sequencer import GENESIS, link
from authsome.store.tables.log import event_local, event_log, log_head
from authsome.store.transactions import Store

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the chain says. `broken_at` is the first position that does not follow, or None.

    `erased` counts the `Local` values whose salted digest is in the chain while value and salt are gone:
    that is erasure as promised, and the chain covers it still.
    """

    checked: int
    erased: int
    broken_at: int | None

    @property
    def is_intact(self) -> bool:
        return self.broken_at is None


async def verify(store: Store, *, start: int = 0, chain: bytes = GENESIS) -> Verdict:
    """Check every row behind `start`, whose chain value is `chain` (from retention, or the beginning)."""
    checked, erased, position = 0, 0, start
    while True:
        rows, locals_, head = await store.database.reader.run(partial(_batch, after=position))
        for row in rows:
            chain = link(chain, row)
            found, missing = _locals(row, locals_[row["id"]])
            if row["position"] != position + 1 or not hmac.compare_digest(chain, row["chain"]) or not found:
                return Verdict(checked, erased, position + 1)
            position, checked, erased = row["position"], checked + 1, erased + missing
        if len(rows) < BATCH:
            whole = head is None or (head.position, head.chain) == (position, chain)
            return Verdict(checked, erased, None if whole else position + 1)


def _batch(connection: Connection, after: int) -> tuple[list[dict[str, Any]], dict[str, list[Any]], Any]:
    query = select(event_log).where(event_log.c.position > after).order_by(event_log.c.position).limit(BATCH)
    with connection.begin():
        rows = [dict(row._mapping) for row in connection.execute(query)]
        values: dict[str, list[Any]] = defaultdict(list)
        ids = [row["id"] for row in rows]
        for value in connection.execute(select(event_local).where(event_local.c.event_id.in_(ids))):
            values[value.event_id].append(value)
        return rows, values, connection.execute(select(log_head.c.position, log_head.c.chain)).first()


def _locals(row: dict[str, Any], values: list[Any]) -> tuple[bool, int]:
    """Whether every value that is still there has the digest that the row says, and how many are erased."""
    said: dict[str, str] = row["digests"]
    for value in values:
        if digest(value.field, value.value, value.salt) != said.get(value.field):
            return False, 0
    return True, len(said) - len(values)
