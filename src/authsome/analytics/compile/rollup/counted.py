"""Lines of facts: by bucket, over the whole time, by a dimension."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Table,
    case,
    cast,
    distinct,
    func,
    literal,
    select,
    union_all,
)

from authsome.analytics.asked import ALL, Narrowing, Scope
from authsome.analytics.compile.rollup.pick import Rows, Union, bucket_of, narrowed, of_line, within
from authsome.analytics.metric import Bucket, Counted, Dimension, Distinct, Line
from authsome.store.tables.rollup import daily, subject

Days = tuple[date | None, date]  # both included; from the beginning where there is no first


def per_bucket(metric: Counted, days: Days, bucket: Bucket, *, narrowing: Narrowing = ALL) -> Union:
    """Line, first day of the bucket, number; a bucket without any has no row."""
    table = _table(metric, narrowing)
    start = bucket_of(table.c.day, bucket)
    return _each_line(
        metric,
        lambda line: (
            select(literal(line.key).label("line"), start.label("bucket"), _number(metric, table, line))
            .where(*_where(metric, table, line, narrowing=narrowing), within(table, *days))
            .group_by(start)
        ),
    )


def in_range(metric: Counted, days: Days, narrowing: Narrowing = ALL) -> Union:
    """Line, number over all of the days. Not the sum of theirs: whoever was there twice counts once."""
    table = _table(metric, narrowing)
    return _each_line(
        metric,
        lambda line: select(literal(line.key).label("line"), _number(metric, table, line)).where(
            *_where(metric, table, line, narrowing=narrowing), within(table, *days)
        ),
    )


def by_dimension(metric: Counted, dimension: Dimension, days: Days, *, narrowing: Narrowing = ALL) -> Union:
    """Value of the dimension, line, number over all of the days. Facts without it have the value ''."""
    table = _table(metric, narrowing)
    value = table.c[dimension.value]
    return _each_line(
        metric,
        lambda line: (
            select(value.label("value"), literal(line.key).label("line"), _number(metric, table, line))
            .where(*_where(metric, table, line, narrowing=narrowing), within(table, *days))
            .group_by(value)
        ),
    )


def by_dimension_per_day(metric: Counted, dimension: Dimension, scope: Scope) -> Rows:
    """Value of the dimension, day, number, of the one line of what is split."""
    (line,), span, narrowing = metric.lines, scope.span, scope.narrowing
    table = _table(metric, narrowing)
    value = table.c[dimension.value]
    return (
        select(value, table.c.day, _number(metric, table, line))
        .where(*_where(metric, table, line, narrowing=narrowing), within(table, span.first, span.last))
        .group_by(value, table.c.day)
    )


def _each_line(metric: Counted, part: Callable[[Line], Rows]) -> Union:
    return union_all(*(part(line) for line in metric.lines))


def _table(metric: Counted, narrowing: Narrowing) -> Table:
    return daily if metric.adds_up and not (narrowing.identity or narrowing.principal) else subject


def _number(metric: Counted, table: Table, line: Line) -> ColumnElement[int]:
    if isinstance(metric.counted, Distinct) and not metric.adds_up:
        return func.count(distinct(table.c[metric.counted.field])).label("number")
    came: ColumnElement[int] = table.c["count"]
    if line.less:
        came = case((table.c.event == line.event.name, came), else_=-came)
    # PostgreSQL sums bigints up to a numeric, which arrives as a Decimal.
    return cast(func.coalesce(func.sum(came), 0), BigInteger).label("number")


def _where(
    metric: Counted, table: Table, line: Line, *, narrowing: Narrowing
) -> Sequence[ColumnElement[bool]]:
    where = [of_line(table, line), *narrowed(table, narrowing)]
    if isinstance(metric.counted, Distinct) and not metric.adds_up:
        where.append(table.c[metric.counted.field] != "")
    return where
