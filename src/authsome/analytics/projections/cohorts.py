"""With whom each began who was active in a later week: a column of the index of who was active.

How many of eight weeks' people came back in each of the weeks since is thereby one stretch of an index, and
not a search for each of them. Like the rest of that index it holds nothing of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Date, bindparam, func, select

from authsome.analytics.metric import Retention
from authsome.analytics.metrics import METRICS
from authsome.analytics.projections.fold import MilestoneKey
from authsome.store.tables.rollup import active, milestone

IDS_AT_ONCE = 500
COHORTS = {metric.activity.name: metric for metric in METRICS if isinstance(metric, Retention)}

Ids = Mapping[str, Collection[str]]  # by activity


def add(connection: Connection, zone: ZoneInfo, began: Iterable[MilestoneKey]) -> None:
    """Let first times count for those who are in the index already."""
    ids: dict[str, set[str]] = {name: set() for name in COHORTS}
    for key in began:
        for name, metric in COHORTS.items():
            if key.event == metric.began.name and (who := getattr(key, metric.activity.field)):
                ids[name].add(who)
    place(connection, zone, ids)


def place(connection: Connection, zone: ZoneInfo, ids: Ids) -> None:
    """Write the cohort of each of these into the rows that the index has of them."""
    for name, some in ids.items():
        found = find(connection, zone, name, ids=some)
        rows = [{"who": who, "began_in": found.get(who)} for who in sorted(some)]
        if rows:
            connection.execute(_PLACE[name], rows)


def find(connection: Connection, zone: ZoneInfo, activity: str, *, ids: Collection[str]) -> dict[str, date]:
    """The cohort of each of these who began, for an activity that has cohorts."""
    metric, waiting, found = COHORTS[activity], sorted(ids), dict[str, date]()
    who = milestone.c[metric.activity.field]
    for start in range(0, len(waiting), IDS_AT_ONCE):
        few = who.in_(waiting[start : start + IDS_AT_ONCE])
        query = select(who, func.min(milestone.c.first_at)).where(few, milestone.c.event == metric.began.name)
        for one, first in connection.execute(query.group_by(who)):
            found[one] = cohort_of(metric, first, zone)
    return found


def resting_on(connection: Connection, condition: ColumnElement[bool]) -> Ids:
    """Those whose beginning rests on the milestones under this condition."""
    found = {}
    for name, metric in COHORTS.items():
        who = milestone.c[metric.activity.field]
        query = select(who).where(condition, milestone.c.event == metric.began.name, who != "").distinct()
        found[name] = connection.execute(query).scalars().all()
    return found


def cohort_of(metric: Retention, first: datetime, zone: ZoneInfo) -> date:
    """The first day of the bucket in which somebody began."""
    return metric.bucket.start(first.astimezone(zone).date())


_PLACE = {
    name: active.update()
    .where(
        active.c.id == bindparam("who"),
        active.c.activity == name,
        active.c.period == metric.bucket.value,
        active.c.cohort.is_distinct_from(bindparam("began_in", type_=Date)),
    )
    .values(cohort=bindparam("began_in", type_=Date))
    for name, metric in COHORTS.items()
}
