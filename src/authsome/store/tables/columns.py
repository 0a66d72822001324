"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, Index, MetaData, Text, text
from sqlalchemy.types import TypeDecorator

from authsome.kit.clock import from_micros, to_micros

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


EMPTY = text("''")  # as a default: of rows that are older than their column


def metadata() -> MetaData:
    return MetaData(naming_convention=NAMING)


class Instant(TypeDecorator[datetime]):
    """A UTC instant as whole microseconds since 1970: exact, and the same number on every engine."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else from_micros(value)


class Json(TypeDecorator[Any]):
    """JSON in one canonical spelling, as text, so that its bytes can be hashed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def canonical(value: Any) -> str:
    """Sorted keys, no spaces, UTF-8: the one spelling that is stored, hashed and sent."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def identifier() -> Column[str]:
    """The primary key of a registry row: a prefixed, time-sorted id."""
    return Column("id", Text, primary_key=True)


def few(name: str, column: str, *, where: str) -> Index:
    """An index of the few rows for which a condition holds: in one of all, the others would be walked."""
    condition = text(where)
    return Index(name, column, sqlite_where=condition, postgresql_where=condition)
