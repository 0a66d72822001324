"""With whom each began who is in the index of who was active, against the milestones that say so."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from authsome.analytics.metric import Retention
from authsome.analytics.projections.cohorts import COHORTS, cohort_of
from authsome.analytics.reconcile.difference import Difference, Kind, Layer, Section
from authsome.store.books.books import Books
from authsome.store.tables.rollup import active, milestone
from authsome.store.transactions import Store


async def compare_cohorts(store: Store, section: Section, *, zone: ZoneInfo) -> None:
    """Everybody of every activity that has cohorts, once for each cohort they are listed with."""
    for metric in COHORTS.values():

        def look(books: Books, metric: Retention = metric) -> list[Difference]:
            return _differences(books, metric, zone)

        for difference in await store.keep(look):
            section.add(difference)


def _differences(books: Books, metric: Retention, zone: ZoneInfo) -> list[Difference]:
    who, right = milestone.c[metric.activity.field], dict[str, date]()
    first = select(who, func.min(milestone.c.first_at)).where(milestone.c.event == metric.began.name)
    for one, at in books.connection.execute(first.group_by(who)):
        right[one] = cohort_of(metric, at, zone)
    listed = select(active.c.id, active.c.cohort, func.min(active.c.start)).where(
        active.c.activity == metric.activity.name, active.c.period == metric.bucket.value
    )
    return [
        Difference(
            layer=Layer.ROLLUPS,
            kind=Kind.STALE,
            event=metric.began.name,
            day=start,
            about=one,
            detail=f"counted with those of {cohort or 'no week'} and not of {right.get(one) or 'none'}",
        )
        for one, cohort, start in books.connection.execute(listed.group_by(active.c.id, active.c.cohort))
        if cohort != right.get(one)
    ]
