"""How far each of those who began in the time shown came in a funnel."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import BigInteger, ColumnElement, case, func, or_, select, type_coerce

from authsome.analytics.asked import Scope
from authsome.analytics.compile.rollup.pick import Rows
from authsome.analytics.metric import Funnel, Line
from authsome.analytics.metrics.firsts import column_of
from authsome.store.tables.rollup import firsts

MICROSECOND = timedelta(microseconds=1)


def reached(metric: Funnel, scope: Scope) -> Rows:
    """How many steps, and how many took just so many of those whose first step is in the time shown."""
    steps = _steps_taken(metric)
    return select(steps, func.count()).where(*_began(metric, scope)).group_by(steps)


def microseconds(metric: Funnel, scope: Scope) -> Rows:
    """Of each of these who took the timed step, how long after the first one it was."""
    times = _times(metric)
    at = [step.key for step in metric.steps].index(metric.timed)
    return select(times[at] - times[0]).where(*_began(metric, scope), _steps_taken(metric) > at)


def _steps_taken(metric: Funnel) -> ColumnElement[int]:
    """How many of the first times are in order, each no later than `within` after the first one."""
    begun, *later = times = _times(metric)
    limit = begun + metric.within // MICROSECOND
    missed = [
        (or_(time.is_(None), time < before, time > limit), number)
        for number, (before, time) in enumerate(zip(times, later, strict=False), start=1)
    ]
    return case(*missed, else_=len(times))


def _began(metric: Funnel, scope: Scope) -> list[ColumnElement[bool]]:
    begun = firsts.c[_column(metric.steps[0])]
    since, until = scope.span.instants()
    where: list[ColumnElement[bool]] = [begun >= since, begun < until]
    return [*where, firsts.c.id == scope.narrowing.identity] if scope.narrowing.identity else where


def _times(metric: Funnel) -> list[ColumnElement[int]]:
    """When each step was first taken, ever: in microseconds since 1970, None for a step not taken."""
    return [type_coerce(firsts.c[_column(step)], BigInteger) for step in metric.steps]


def _column(step: Line) -> str:
    return column_of(step.event, step.where[1] if step.where else None)
