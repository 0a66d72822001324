"""Cohorts of those who began in the same bucket, and how many of each were active in each bucket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import CTE, ColumnElement, CompoundSelect, Date, case, cast, func, select, union_all

from authsome.analytics.asked import begin
from authsome.analytics.metric import Retention
from authsome.analytics.metrics.firsts import column_of
from authsome.store.tables.rollup import active, firsts, milestone


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
    who, first_at, of_event = _firsts(metric)
    ends = [begin(start, zone) for start in (*starts[1:], end)]
    number = case(*((func.min(first_at) < moment, n) for n, moment in enumerate(ends)))
    shown_here = first_at >= begin(starts[0], zone), first_at < begin(end, zone)
    # Grouped, though each is there once: else SQLite takes the cohort for a table that it may search without
    # an index, once for each who was active (1.3 s against 8 ms for seven thousand).
    members = select(who.label("who"), number.label("number")).where(*of_event, *shown_here).group_by(who)
    return members.cte("cohort")


def _firsts(
    metric: Retention,
) -> tuple[ColumnElement[str], ColumnElement[datetime], list[ColumnElement[bool]]]:
    """Where it stands who began when: beside what agents did first, or, of what happens once, by itself."""
    field, event = metric.activity.field, metric.began
    if event.keyed_by == field:
        return milestone.c[field], milestone.c.first_at, [milestone.c.event == event.name]
    return firsts.c.id, firsts.c[column_of(event)], []
