"""Statements in the driver's own words, for the few that every write ends with.

SQLAlchemy spends several times as long on a statement's parameters as SQLite does on running it. Here it
spells the statement once for each dialect; values are then put into the driver's form by the types of the
table's columns, and handed over as they are. Listeners on the engine see these statements like all others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Insert, Table, TypeDecorator, Update, insert

Row = Mapping[str, Any]


class Spelled:
    """An insert or update whose parameters are named; those in `types` are converted on the way."""

    def __init__(
        self, statement: Insert | Update, names: Sequence[str], types: Mapping[str, TypeDecorator[Any]]
    ) -> None:
        self._statement = statement
        self._names = names
        self._types = types
        self._by_dialect: dict[str, tuple[str, Callable[[Row], Any]]] = {}

    def run(self, connection: Connection, rows: Sequence[Row]) -> CursorResult[Any]:
        """Run it once for each row."""
        dialect = connection.dialect
        if dialect.name not in self._by_dialect:
            self._by_dialect[dialect.name] = self._spell(dialect)
        text, form = self._by_dialect[dialect.name]
        given = [form(row) for row in rows]
        return connection.exec_driver_sql(text, given if len(given) > 1 else given[0])

    def _spell(self, dialect: Dialect) -> tuple[str, Callable[[Row], Any]]:
        keys = list(self._names) if isinstance(self._statement, Insert) else None
        compiled = self._statement.compile(dialect=dialect, column_keys=keys)
        convert = {name: kind.process_bind_param for name, kind in self._types.items()}

        def value(row: Row, name: str) -> Any:
            return convert[name](row[name], dialect) if name in convert else row[name]

        if (order := compiled.positiontup) is not None:
            return str(compiled), lambda row: tuple([value(row, name) for name in order])
        return str(compiled), lambda row: {name: value(row, name) for name in self._names}


def insert_into(table: Table, names: Sequence[str] = ()) -> Spelled:
    """An insert of rows that have these columns; of all columns, if none are named."""
    columns = [table.c[name] for name in names] or list(table.c)
    types = {column.name: column.type for column in columns if isinstance(column.type, TypeDecorator)}
    return Spelled(insert(table), [column.name for column in columns], types)
