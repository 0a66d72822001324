"""Usage: how often an identity used a connection, by the hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, Update, delete, select

from authsome.store.books.upsert import insert
from authsome.store.tables.ledger import usage


@dataclass(frozen=True, slots=True)
class UsageKey:
    """What is counted apart. `hour` is the start of the hour, in UTC."""

    hour: datetime
    identity_id: str
    connection_id: str
    surface: str
    outcome: str


class UsageCounts:
    """The table `usage`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, counts: Mapping[UsageKey, int]) -> None:
        """Add to the counts of each key."""
        for key, count in counts.items():
            statement = insert(self._connection, usage).values(
                hour=key.hour,
                identity_id=key.identity_id,
                connection_id=key.connection_id,
                surface=key.surface,
                outcome=key.outcome,
                count=count,
                reported=False,
            )
            self._connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["hour", "identity_id", "connection_id", "surface", "outcome"],
                    set_={"count": usage.c.count + count},
                )
            )

    def list_unreported(self, before: datetime, limit: int) -> list[tuple[UsageKey, int]]:
        """Keys of hours that began before `before` and have not left as events."""
        query = (
            select(usage)
            .where(usage.c.reported.is_(False), usage.c.hour < before)
            .order_by(usage.c.hour, usage.c.identity_id, usage.c.connection_id)
            .limit(limit)
        )
        rows = self._connection.execute(query).mappings()
        return [(_key(row), row["count"]) for row in rows]

    def mark_reported(self, keys: list[UsageKey]) -> None:
        for key in keys:
            self._connection.execute(_where(usage.update(), key).values(reported=True))

    def forget(self, before: datetime) -> None:
        """Drop reported hours that began before `before`."""
        self._connection.execute(delete(usage).where(usage.c.reported.is_(True), usage.c.hour < before))


def _key(row: RowMapping) -> UsageKey:
    return UsageKey(row["hour"], row["identity_id"], row["connection_id"], row["surface"], row["outcome"])


def _where(statement: Update, key: UsageKey) -> Update:
    return statement.where(
        usage.c.hour == key.hour,
        usage.c.identity_id == key.identity_id,
        usage.c.connection_id == key.connection_id,
        usage.c.surface == key.surface,
        usage.c.outcome == key.outcome,
    )
