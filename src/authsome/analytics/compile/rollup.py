"""A metric as SQL on the rollups.

What happens once per counted value is read from the daily counts, all else from the subjects, where one
that comes back must not count twice. Both tables are keyed by event and then day, so a query touches the
range that it shows and no more.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, ColumnElement, Select, cast, distinct, func, select

from authsome.analytics.metric import Dimension, Metric
from authsome.store.tables.rollup import daily, subject

Query = Select[str, int]


def per_day(metric: Metric, first: date, last: date) -> Select[str, date, int]:
    """Event, day, count; a day without any has no row."""
    table = daily if metric.once else subject
    where = _where(metric, first, last)
    return (
        select(table.c.event, table.c.day, _count(metric)).where(*where).group_by(table.c.event, table.c.day)
    )


def in_range(metric: Metric, first: date | None, last: date) -> Query:
    """Event, count over the whole range. Not the sum of the days: whoever was there twice counts once."""
    table = daily if metric.once else subject
    where = _where(metric, first, last)
    return select(table.c.event, _count(metric)).where(*where).group_by(table.c.event)


def by_dimension(metric: Metric, dimension: Dimension, *, first: date, last: date) -> Select[str, str, int]:
    """Value of the dimension, event, count over the whole range. Facts without it have the value ''."""
    table = daily if metric.once else subject
    value = table.c[dimension.value]
    where = _where(metric, first, last)
    return select(value, table.c.event, _count(metric)).where(*where).group_by(value, table.c.event)


def _count(metric: Metric) -> ColumnElement[int]:
    if not metric.once:
        return func.count(distinct(subject.c[metric.counted]))
    # PostgreSQL sums bigints up to a numeric, which arrives as a Decimal.
    return cast(func.sum(daily.c.count), BigInteger)


def _where(metric: Metric, first: date | None, last: date) -> list[ColumnElement[bool]]:
    table = daily if metric.once else subject
    where = [table.c.event.in_([line.event.name for line in metric.lines]), table.c.day <= last]
    if first is not None:
        where.append(table.c.day >= first)
    if not metric.once:
        where.append(subject.c[metric.counted] != "")
    return where
