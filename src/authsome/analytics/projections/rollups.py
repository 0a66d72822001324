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
    _add_counts(connection, target.daily, folded.daily)
    _add_counts(connection, target.subject, folded.subject)
    rows = [{**key._asdict(), "first_at": at} for key, at in folded.milestone.items()]
    if rows:
        statement = insert(connection, target.milestone)
        known, new = target.milestone.c.first_at, statement.excluded.first_at
        # Facts come in the order of their commits, which is not quite the order of their times.
        earlier = case((new < known, new), else_=known)
        connection.execute(_on_conflict(target.milestone, statement, {"first_at": earlier}), rows)


def restart(connection: Connection) -> None:
    """Set the rollups to what retention has deleted: the state from which the remaining log is folded."""
    for rolled, baseline in zip(_tables(ROLLUPS), _tables(BASELINES), strict=True):
        connection.execute(delete(rolled))
        columns = [column.name for column in rolled.columns]
        connection.execute(plain_insert(rolled).from_select(columns, select(baseline)))


def _add_counts(connection: Connection, table: Table, counts: Mapping[Any, int]) -> None:
    rows = [{**key._asdict(), "count": count} for key, count in counts.items()]
    if rows:
        statement = insert(connection, table)
        total = table.c.count + statement.excluded.count
        connection.execute(_on_conflict(table, statement, {"count": total}), rows)


def _on_conflict(table: Table, statement: Any, set_: dict[str, Any]) -> Any:
    keys = [column.name for column in table.primary_key]
    return statement.on_conflict_do_update(index_elements=keys, set_=set_)


def _tables(target: Target) -> Iterator[Table]:
    yield from (target.daily, target.subject, target.milestone)
