"""Lines of facts: by bucket, over the whole time, by a dimension."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Table,
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

LESS = "less"
Days = tuple[date | None, date]  # both included; from the beginning where there is no first


def lines_of(metric: Counted) -> tuple[Line, ...]:
    """Its lines, and below them one for each event that is subtracted from a line."""
    ends = [
        Line(key=f"{line.key}.{LESS}.{event.name}", title="", event=event)
        for line in metric.lines
        for event in line.less
    ]
    return (*metric.lines, *ends)


def per_bucket(metric: Counted, scope: Scope) -> Union:
    """Line, bucket, number; a bucket without any has no row. Where days add up, the buckets are days."""
    span, narrowing = scope.span, scope.narrowing
    table = _table(metric, narrowing)
    bucket = bucket_of(table.c.day, Bucket.DAY if metric.adds_up else span.bucket)
    return _each_line(
        metric,
        lambda line: (
            select(literal(line.key).label("line"), bucket.label("bucket"), _number(metric, table))
            .where(*_where(metric, table, line, narrowing=narrowing), within(table, span.first, span.last))
            .group_by(bucket)
        ),
    )


def in_range(metric: Counted, days: Days, narrowing: Narrowing = ALL) -> Union:
    """Line, number over all of the days. Not the sum of theirs: whoever was there twice counts once."""
    table = _table(metric, narrowing)
    return _each_line(
        metric,
        lambda line: select(literal(line.key).label("line"), _number(metric, table)).where(
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
            select(value.label("value"), literal(line.key).label("line"), _number(metric, table))
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
        select(value, table.c.day, _number(metric, table))
        .where(*_where(metric, table, line, narrowing=narrowing), within(table, span.first, span.last))
        .group_by(value, table.c.day)
    )


def _each_line(metric: Counted, part: Callable[[Line], Rows]) -> Union:
    return union_all(*(part(line) for line in lines_of(metric)))


def _table(metric: Counted, narrowing: Narrowing) -> Table:
    return daily if metric.adds_up and not (narrowing.identity or narrowing.principal) else subject


def _number(metric: Counted, table: Table) -> ColumnElement[int]:
    if isinstance(metric.counted, Distinct) and not metric.adds_up:
        return func.count(distinct(table.c[metric.counted.field])).label("number")
    # PostgreSQL sums bigints up to a numeric, which arrives as a Decimal.
    return cast(func.coalesce(func.sum(table.c["count"]), 0), BigInteger).label("number")


def _where(
    metric: Counted, table: Table, line: Line, *, narrowing: Narrowing
) -> Sequence[ColumnElement[bool]]:
    where = [of_line(table, line), *narrowed(table, narrowing)]
    if isinstance(metric.counted, Distinct) and not metric.adds_up:
        where.append(table.c[metric.counted.field] != "")
    return where
