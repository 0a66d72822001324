"""Erase the `Local` values of the facts about somebody, a bounded part at a time.

Value and salt go; their digest stays in the log, so the hash chain verifies. The first part goes with the
erasure itself, which for most subjects is all of it. What is left is noted in the same transaction, and the
server goes on with it, also after it was killed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from authsome.store.books.upsert import insert
from authsome.store.tables.log import event_local, event_log, forgetting

AT_ONCE = 1_000  # facts: other writers wait for no more than that


def note(connection: Connection, subjects: Sequence[str], owner_id: str = "") -> None:
    """Remember that these are to be forgotten: all facts about them, or those that name the owner."""
    rows = [{"subject_id": one, "owner_id": owner_id, "after_seq": 0} for one in subjects]
    if rows:
        connection.execute(insert(connection, forgetting).on_conflict_do_nothing(), rows)


def is_forgetting(connection: Connection) -> bool:
    """Whether anything is left to erase."""
    return connection.execute(select(forgetting.c.subject_id).limit(1)).first() is not None


def forget_some(connection: Connection, limit: int = AT_ONCE) -> tuple[int, bool]:
    """Look at up to `limit` facts; returns how many values were erased, and whether there is more to do."""
    erased = 0
    while limit > 0:
        noted = connection.execute(select(forgetting).order_by(forgetting.c.subject_id).limit(1)).first()
        if noted is None:
            return erased, False
        facts = _facts(connection, noted, limit)
        limit -= len(facts) + 1  # one for the look itself: there may be many subjects without a fact
        ids = [fact.id for fact in facts if noted.owner_id in ("", fact.fields.get("principal_id"))]
        erased += connection.execute(delete(event_local).where(event_local.c.event_id.in_(ids))).rowcount
        _go_on(connection, noted, facts[-1].seq if limit < 0 else None)
    return erased, True


def _facts(connection: Connection, noted: Row[Any], limit: int) -> list[Row[Any]]:
    t = event_log.c
    query = (
        select(t.id, t.seq, t.fields)
        .where(t.subject_id == noted.subject_id, t.seq > noted.after_seq)
        .order_by(t.seq)
        .limit(limit)
    )
    return list(connection.execute(query))


def _go_on(connection: Connection, noted: Row[Any], upto: int | None) -> None:
    """Behind `upto`, or this one is done."""
    c = forgetting.c
    this = (c.subject_id == noted.subject_id) & (c.owner_id == noted.owner_id)
    if upto is None:
        connection.execute(delete(forgetting).where(this))
    else:
        connection.execute(update(forgetting).where(this).values(after_seq=upto))
