"""What all tables of the registry have in common."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import Connection, Row, Select, Table, bindparam, delete, select, update

from authsome.kit.errors import BrokenError
from authsome.store.spelled import Spelled, insert_into

Model = TypeVar("Model")


class ReadOnly(BrokenError):
    """A view was asked to write. Only a unit of work writes."""

    code = "read_only"
    hint = "write inside store.write; this is a mistake in Authsome, please report it"


class ChangeLog(Protocol):
    """Is told which rows are touched."""

    def add(self, table: str, row_id: str) -> None: ...


# Statements are built once per table: putting one together costs more than running it.


@cache
def _where(table: Table, column: str) -> Select[Any]:
    return select(table).where(table.c[column] == bindparam("value"))


@cache
def _insert(table: Table, names: tuple[str, ...]) -> Spelled:
    return insert_into(table, names)


class Rows(Generic[Model]):
    """One table, on one connection, inside one transaction."""

    table: Table
    model: type[Model]
    enums: ClassVar[Mapping[str, type[Enum]]] = {}

    def __init__(self, connection: Connection, changes: ChangeLog | None) -> None:
        self._connection = connection
        self._changes = changes

    def find(self, row_id: str) -> Model | None:
        """The row with this id, or None."""
        return self.find_where("id", row_id)

    def find_where(self, column: str, value: object) -> Model | None:
        """The first row with this value in a column, or None."""
        row = self._connection.execute(_where(self.table, column), {"value": value}).first()
        return self.from_row(row) if row else None

    def add(self, item: Model) -> None:
        """Insert a new row."""
        values = self.to_row(item)
        self._touch(values["id"])
        _insert(self.table, tuple(values)).run(self._connection, [values])

    def update(self, item: Model) -> None:
        """Write all columns of a row that exists."""
        values = self.to_row(item)
        self.set(values.pop("id"), **values)

    def set(self, row_id: str, **values: Any) -> None:
        """Write some columns of a row that exists."""
        self._touch(row_id)
        result = self._connection.execute(update(self.table).where(self.table.c.id == row_id), values)
        if result.rowcount != 1:
            raise BrokenError(f"{self.table.name} {row_id} is not there to be changed")

    def remove(self, row_id: str) -> None:
        """Delete a row that exists. Only what nothing refers to by its id any more."""
        self._touch(row_id)
        result = self._connection.execute(delete(self.table).where(self.table.c.id == row_id))
        if result.rowcount != 1:
            raise BrokenError(f"{self.table.name} {row_id} is not there to be removed")

    def first(self, query: Select[Any], **values: Any) -> Model | None:
        """The first row of a query, with `values` for its parameters, or None."""
        row = self._connection.execute(query, values).first()
        return self.from_row(row) if row else None

    def all(self, query: Select[Any]) -> list[Model]:
        return [self.from_row(row) for row in self._connection.execute(query)]

    def page(self, query: Select[Any], after: str, limit: int) -> list[Model]:
        """Up to `limit` rows behind the id `after`, oldest first."""
        ids = self.table.c.id
        return self.all(query.where(ids > after).order_by(ids).limit(limit))

    def from_row(self, row: Row[Any]) -> Model:
        values = dict(row._mapping)
        for column, kind in self.enums.items():
            if values[column] is not None:
                values[column] = kind(values[column])
        return self.model(**values)

    def to_row(self, item: Model) -> dict[str, Any]:
        row = {f.name: getattr(item, f.name) for f in dataclasses.fields(item)}  # type: ignore[arg-type]
        return {k: v.value if isinstance(v, Enum) else v for k, v in row.items()}

    def _touch(self, row_id: str) -> None:
        if self._changes is None:
            raise ReadOnly
        self._changes.add(self.table.name, row_id)
