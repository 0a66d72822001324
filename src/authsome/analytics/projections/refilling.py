"""Fill the empty rollups with what retention has deleted, a little at a time.

First times come first, since who was active is placed by them. Counts by day come last: whoever is erased
meanwhile is taken out of the rows that are here and of those still to come, and those counts have it then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Table, select, tuple_

from authsome.analytics.projections.fold import DailyKey, Folded, MilestoneKey, SubjectKey
from authsome.analytics.projections.rollups import BASELINES, ROLLUPS, add

BEGIN: dict[str, Any] = {"table": 0, "after": None}
_ORDER = (BASELINES.milestone, BASELINES.subject, BASELINES.daily)


def fill_some(
    connection: Connection, zone: ZoneInfo, place: dict[str, Any], *, limit: int
) -> dict[str, Any] | None:
    """Add so many rows that follow; returns where to go on, None at the end. `place` is plain JSON."""
    table = _ORDER[place["table"]]
    rows = _page(connection, table, place["after"], limit=limit)
    add(connection, _folded(table, rows, zone), ROLLUPS)
    if len(rows) == limit:
        keys = [rows[-1]._mapping[column.name] for column in table.primary_key]
        return {"table": place["table"], "after": [_plain(key) for key in keys]}
    following = place["table"] + 1
    return {"table": following, "after": None} if following < len(_ORDER) else None


def _page(
    connection: Connection, table: Table, after: Sequence[str] | None, *, limit: int
) -> Sequence[Row[Any]]:
    keys = list(table.primary_key)
    query = select(table).order_by(*keys).limit(limit)
    if after is not None:
        known = [_typed(value, column.type.python_type) for value, column in zip(after, keys, strict=True)]
        query = query.where(tuple_(*keys) > tuple_(*known))
    return connection.execute(query).all()


def _folded(table: Table, rows: Sequence[Row[Any]], zone: ZoneInfo) -> Folded:
    found = [row._mapping for row in rows]

    def key(kind: type[Any], row: Any) -> Any:
        return kind(*(row[name] for name in kind._fields))

    if table is BASELINES.milestone:
        return Folded(zone, milestone={key(MilestoneKey, row): row["first_at"] for row in found})
    if table is BASELINES.subject:
        return Folded(zone, subject=Counter({key(SubjectKey, row): row["count"] for row in found}))
    return Folded(zone, daily=Counter({key(DailyKey, row): row["count"] for row in found}))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _typed(value: str, kind: type[Any]) -> str | date:
    return date.fromisoformat(value) if kind is date else value
