"""INSERT … ON CONFLICT, which SQLite and PostgreSQL spell alike and SQLAlchemy does not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite


def insert(connection: Connection, table: Table) -> Any:
    """An insert statement of the connection's dialect, which has `on_conflict_do_…`."""
    return insert_for(connection.dialect.name, table)


def insert_for(dialect: str, table: Table) -> Any:
    """The same, for those who build a statement once and keep it."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # slow to import, and most servers never need it

    return postgresql.insert(table)


def set_on_conflict(connection: Connection, table: Table, values: dict[str, Any]) -> None:
    """Insert the row, or overwrite what is not its key."""
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    statement = insert(connection, table).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))
