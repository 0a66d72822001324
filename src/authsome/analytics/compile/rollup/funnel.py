"""When each of those who began in the time shown took each step of a funnel."""

from __future__ import annotations

from sqlalchemy import BigInteger, select, type_coerce

from authsome.analytics.asked import Scope
from authsome.analytics.compile.rollup.pick import Rows
from authsome.analytics.metric import Funnel, Line
from authsome.analytics.metrics.firsts import column_of
from authsome.store.tables.rollup import firsts


def first_times(metric: Funnel, scope: Scope) -> Rows:
    """One row for each whose first step is in the time shown: when each step was first taken, ever.

    In microseconds since 1970, None for a step not taken. Plain integers: thousands of rows become four
    counts, so no time is made of any.
    """
    columns = [firsts.c[_column(step)] for step in metric.steps]
    since, until = scope.span.instants()
    query = select(*(type_coerce(column, BigInteger) for column in columns))
    query = query.where(columns[0] >= since, columns[0] < until)
    return query.where(firsts.c.id == scope.narrowing.identity) if scope.narrowing.identity else query


def _column(step: Line) -> str:
    return column_of(step.event, step.where[1] if step.where else None)
