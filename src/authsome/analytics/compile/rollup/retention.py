"""Cohorts of those who began in the same bucket, and how many of each were active in each bucket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CTE,
    BigInteger,
    CompoundSelect,
    Date,
    alias,
    case,
    cast,
    exists,
    func,
    select,
    type_coerce,
    union_all,
)

from authsome.analytics.asked import begin
from authsome.analytics.metric import Retention
from authsome.kit.clock import to_micros
from authsome.store.tables.rollup import active, milestone


class Shown(NamedTuple):
    """The first days of the buckets of cohorts, and the day behind the last bucket."""

    starts: Sequence[date]
    end: date
    zone: ZoneInfo


def cohorts(metric: Retention, shown: Shown) -> CompoundSelect[int, date | None, int]:
    """Number of the cohort in `shown`, bucket, and how many of it were active then; without one, its size.

    In one query, so that who is in which cohort is found once.
    """
    cohort = _members(metric, shown)
    of_metric = (active.c.activity == metric.activity.name, active.c.period == metric.bucket.value)
    returned = (
        select(cohort.c.number, active.c.start, func.count())
        .select_from(cohort.join(active, active.c.id == cohort.c.who))
        .where(*of_metric, active.c.start >= shown.starts[0], active.c.start < shown.end)
        .group_by(cohort.c.number, active.c.start)
    )
    sizes = select(cohort.c.number, cast(None, Date), func.count()).group_by(cohort.c.number)
    return union_all(returned, sizes)


def _members(metric: Retention, shown: Shown) -> CTE:
    """Everybody whose first time ever is in one of the buckets, with the bucket's number."""
    starts, end, zone = shown
    since, until = begin(starts[0], zone), begin(end, zone)
    here, earlier, field = alias(milestone, "here"), alias(milestone, "earlier"), metric.activity.field
    of_event = here.c.event == metric.began.name
    # Adding nothing keeps a planner from looking through all that began earlier, for each who is looked up.
    before = type_coerce(earlier.c.first_at, BigInteger) + 0 < to_micros(since)
    known_before = exists().where(
        earlier.c[field] == here.c[field], earlier.c.event == metric.began.name, before
    )
    first = (
        select(here.c[field].label("who"), func.min(here.c.first_at).label("at"))
        .where(
            of_event, here.c.first_at >= since, here.c.first_at < until, here.c[field] != "", ~known_before
        )
        .group_by(here.c[field])
        .subquery("first")
    )
    ends = [begin(start, zone) for start in (*starts[1:], end)]
    number = case(*((first.c.at < moment, n) for n, moment in enumerate(ends)))
    return select(first.c.who, number.label("number")).cte("cohort")
