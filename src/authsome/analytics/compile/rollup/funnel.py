"""When each of those who began in the time shown took each step of a funnel."""

from __future__ import annotations

from sqlalchemy import BigInteger, ColumnElement, alias, and_, func, select, type_coerce

from authsome.analytics.asked import Scope
from authsome.analytics.compile.rollup.pick import Rows
from authsome.analytics.metric import Funnel, Line
from authsome.store.tables.rollup import milestone


def first_times(metric: Funnel, scope: Scope) -> Rows:
    """One row for each who has the first step in the time shown: when each step was first taken, ever.

    In microseconds since 1970, None for a step not taken; a first time may be earlier than the time shown.
    """
    begun = alias(milestone, "begun")
    who = begun.c[metric.counted]
    first_at, (since, until) = begun.c.first_at, scope.span.instants()
    where = [begun.c.event == metric.steps[0].event.name, first_at >= since, first_at < until, who != ""]
    if scope.narrowing.identity:
        where.append(begun.c.identity_handle == scope.narrowing.identity)
    cohort = select(who.label("who")).where(*where).distinct().subquery("cohort")
    times = (_first(metric.counted, step, cohort.c.who) for step in metric.steps)
    return select(*times).select_from(cohort)


def _first(field: str, step: Line, who: ColumnElement[str]) -> ColumnElement[int]:
    taken = alias(milestone, f"taken_{step.key}")
    only = [taken.c.outcome == step.where[1]] if step.where else []
    where = and_(taken.c[field] == who, taken.c.event == step.event.name, *only)
    # Plain integers: thousands of rows become four counts, so no time is made of any. Adding nothing keeps a
    # planner from walking all first times of the event in their order, to stop at the first that is theirs.
    at = type_coerce(taken.c.first_at, BigInteger) + 0
    return select(func.min(at)).where(where).scalar_subquery()
