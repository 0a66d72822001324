"""Which rows of the rollups count, and in which bucket their day is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Date, Select, Table, and_, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from authsome.analytics.asked import Narrowing
from authsome.analytics.metric import Bucket, Line, Sign
from authsome.store.tables.rollup import subject

Rows = Select[*tuple[Any, ...]]
Union = CompoundSelect[*tuple[Any, ...]]


class WeekOf(FunctionElement[date]):
    """The Monday of a day's week."""

    type = Date()
    name = "week_of"
    inherit_cache = True


class MonthOf(FunctionElement[date]):
    """The first of a day's month."""

    type = Date()
    name = "month_of"
    inherit_cache = True


@compiles(WeekOf, "sqlite")
def _week_on_sqlite(element: WeekOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, '-6 days', 'weekday 1')"


@compiles(WeekOf, "postgresql")
def _week_on_postgresql(element: WeekOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(date_trunc('week', {compiler.process(element.clauses, **options)}) AS DATE)"


@compiles(MonthOf, "sqlite")
def _month_on_sqlite(element: MonthOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, 'start of month')"


@compiles(MonthOf, "postgresql")
def _month_on_postgresql(element: MonthOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(date_trunc('month', {compiler.process(element.clauses, **options)}) AS DATE)"


def bucket_of(day: ColumnElement[date], bucket: Bucket) -> ColumnElement[date]:
    """The first day of the bucket."""
    if bucket is Bucket.DAY:
        return day
    return WeekOf(day) if bucket is Bucket.WEEK else MonthOf(day)


def of_line(table: Table, line: Line) -> ColumnElement[bool]:
    """The rows of a line: of its event, and of those that are subtracted from it."""
    only = [table.c[line.where[0].value] == line.where[1]] if line.where else []
    return and_(table.c.event.in_([event.name for event in line.events]), *only)


def of_signs(signs: Iterable[Sign]) -> ColumnElement[bool]:
    """The subject rows that make somebody active."""
    return or_(
        *(
            and_(subject.c.event == sign.event.name, subject.c.outcome == sign.outcome)
            if sign.outcome
            else subject.c.event == sign.event.name
            for sign in signs
        )
    )


def within(table: Table, first: date | None, last: date) -> ColumnElement[bool]:
    """The rows of those days, both included; from the beginning where there is no first."""
    upto = table.c.day <= last
    return upto if first is None else and_(table.c.day >= first, upto)


def narrowed(table: Table, narrowing: Narrowing) -> list[ColumnElement[bool]]:
    """The rows of whom or what it is narrowed to. Who is kept in the subject rows only."""
    wanted = {
        "provider": narrowing.provider,
        "identity_handle": narrowing.identity,
        "principal_id": narrowing.principal,
    }
    return [table.c[name] == value for name, value in wanted.items() if value]
