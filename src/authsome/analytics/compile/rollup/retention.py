"""Cohorts of those who began in the same bucket, and how many of each were active in each bucket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, literal, select, union_all

from authsome.analytics.asked import begin
from authsome.analytics.compile.rollup.pick import Rows, Union
from authsome.analytics.metric import Retention
from authsome.analytics.metrics.firsts import column_of
from authsome.store.tables.rollup import active, firsts, milestone


class Shown(NamedTuple):
    """The first days of the buckets of cohorts, and the day behind the last bucket."""

    starts: Sequence[date]
    end: date
    zone: ZoneInfo


def returned(metric: Retention, shown: Shown) -> Rows:
    """Cohort, bucket, and how many of the one were active in the other."""
    return (
        select(active.c.cohort, active.c.start, func.count())
        .where(
            active.c.activity == metric.activity.name,
            active.c.cohort >= shown.starts[0],
            active.c.cohort < shown.end,
            active.c.start < shown.end,
        )
        .group_by(active.c.cohort, active.c.start)
    )


def sizes(metric: Retention, shown: Shown) -> Union:
    """Number of the cohort in `shown`, and how many are in it: whose first time ever is in the bucket."""
    first_at, of_event = _firsts(metric)
    ends = (*shown.starts[1:], shown.end)
    return union_all(
        *(
            select(literal(number), func.count()).where(
                *of_event, first_at >= begin(start, shown.zone), first_at < begin(end, shown.zone)
            )
            for number, (start, end) in enumerate(zip(shown.starts, ends, strict=True))
        )
    )


def _firsts(metric: Retention) -> tuple[ColumnElement[datetime], list[ColumnElement[bool]]]:
    """Where it stands who began when: beside what agents did first, or, of what happens once, by itself."""
    if metric.began.keyed_by == metric.activity.field:
        return milestone.c.first_at, [milestone.c.event == metric.began.name]
    return firsts.c[column_of(metric.began)], []
