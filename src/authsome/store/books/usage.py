"""Usage: what was counted by the hour, until it has left as events.

Two tables of one kind: `usage` (an identity used a connection) and `request` (somebody used a door).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Connection, Table, bindparam, delete, select, tuple_, update

from authsome.store.books.upsert import insert_for

FORGET_AT_ONCE = 1_000


class UsageKey(NamedTuple):
    """A proxied request, as far as it is counted apart. `hour` is the start of the hour, in UTC."""

    hour: datetime
    identity_id: str
    connection_id: str
    surface: str
    outcome: str


class RequestKey(NamedTuple):
    """A request to the API or for a page, as far as it is counted apart.

    `identity_id` is empty for a person's; `principal_id` is whose the identity was when it asked, empty
    while nobody's.
    """

    hour: datetime
    identity_id: str
    principal_id: str
    surface: str
    outcome: str


K = TypeVar("K", bound=UsageKey | RequestKey)


class HourlyCounts(Generic[K]):
    """A table with a count for each key, and whether it has left."""

    def __init__(self, connection: Connection, table: Table, key: type[K]) -> None:
        self._connection = connection
        self._table = table
        self._key = key

    def add(self, counts: Mapping[K, int]) -> None:
        """Add to the counts of each key."""
        rows = [{**key._asdict(), "count": count, "reported": False} for key, count in counts.items()]
        if rows:
            self._connection.execute(_upsert(self._connection.dialect.name, self._table), rows)

    def list_unreported(self, before: datetime, limit: int) -> list[tuple[K, int]]:
        """Keys of hours that began before `before` and have not left as events, in a lasting order."""
        c = self._table.c
        query = (
            select(*(c[name] for name in self._key._fields), c["count"])
            .where(c.reported.is_(False), c.hour < before)
            .order_by(c.hour, *(c[name] for name in self._key._fields[1:]))
            .limit(limit)
        )
        return [(self._key(*row[:-1]), row[-1]) for row in self._connection.execute(query)]

    def reported_of(self, hours: Sequence[datetime]) -> set[K]:
        """The keys of these hours that have left: what is added to them now, nobody would see."""
        c = self._table.c
        query = select(*(c[name] for name in self._key._fields))
        found = self._connection.execute(query.where(c.reported.is_(True), c.hour.in_(hours)))
        return {self._key(*row) for row in found}

    def mark_reported(self, keys: Sequence[K]) -> None:
        if keys:
            self._connection.execute(_mark(self._table), [_bound(key) for key in keys])

    def forget(self, before: datetime) -> int:
        """Drop some of the reported hours that began before `before`; returns how many keys that were.

        Not all at once: requests wait for the books while it runs.
        """
        c, keys = self._table.c, tuple_(*self._table.primary_key)
        old = select(*self._table.primary_key).where(c.reported.is_(True), c.hour < before)
        statement = delete(self._table).where(keys.in_(old.limit(FORGET_AT_ONCE)))
        return self._connection.execute(statement).rowcount


@cache
def _upsert(dialect: str, table: Table) -> Any:
    statement = insert_for(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key],
        set_={"count": table.c.count + statement.excluded.count},
    )


@cache
def _mark(table: Table) -> Any:
    same = [column == bindparam(f"key_{column.name}") for column in table.primary_key]
    return update(table).where(*same).values(reported=True)


def _bound(key: UsageKey | RequestKey) -> dict[str, Any]:
    return {f"key_{name}": value for name, value in key._asdict().items()}
