"""The tables behind the pages: add a fold, or start anew from the baseline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, case, delete, select
from sqlalchemy import insert as plain_insert

from authsome.analytics.projections.fold import Folded
from authsome.store.books.upsert import insert
from authsome.store.tables import rollup as tables


@dataclass(frozen=True, slots=True)
class Target:
    """Three tables of one shape: what pages read, or the baseline below it."""

    daily: Table
    subject: Table
    milestone: Table


ROLLUPS, BASELINES = Target(*tables.ROLLUPS), Target(*tables.BASELINES)


def add(connection: Connection, folded: Folded, target: Target) -> None:
    """Add the fold to the tables, in the caller's transaction."""
    counts: dict[Table, Mapping[Any, int]] = {target.daily: folded.daily, target.subject: folded.subject}
    for table, counted in counts.items():
        rows = [{**key._asdict(), "count": count} for key, count in counted.items()]
        if rows:
            connection.execute(_upsert(connection, table), rows)
    rows = [{**key._asdict(), "first_at": at} for key, at in folded.milestone.items()]
    if rows:
        connection.execute(_upsert(connection, target.milestone), rows)


def restart(connection: Connection) -> None:
    """Set the rollups to what retention has deleted: the state from which the remaining log is folded."""
    for rolled, baseline in zip(_tables(ROLLUPS), _tables(BASELINES), strict=True):
        connection.execute(delete(rolled))
        columns = [column.name for column in rolled.columns]
        connection.execute(plain_insert(rolled).from_select(columns, select(baseline)))


def _upsert(connection: Connection, table: Table) -> Any:
    """Built once: putting the statement together costs more than running it."""
    key = (connection.dialect.name, table)
    if key not in _UPSERTS:
        statement = insert(connection, table)
        if "count" in table.c:
            merged = {"count": table.c.count + statement.excluded.count}
        else:
            # Facts come in the order of their commits, which is not quite the order of their times.
            known, new = table.c.first_at, statement.excluded.first_at
            merged = {"first_at": case((new < known, new), else_=known)}
        keys = [column.name for column in table.primary_key]
        _UPSERTS[key] = statement.on_conflict_do_update(index_elements=keys, set_=merged)
    return _UPSERTS[key]


_UPSERTS: dict[tuple[str, Table], Any] = {}


def _tables(target: Target) -> Iterator[Table]:
    yield from (target.daily, target.subject, target.milestone)
