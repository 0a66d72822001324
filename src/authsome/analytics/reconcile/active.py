"""The index of who was active, against the subject rows that it is made from.

Both are read in one transaction, so that nothing comes in between. A page shows `active_count`; the rows of
the index stand behind it, and the subject rows behind those.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import distinct, func, select

from authsome.analytics.compile.rollup.pick import bucket_of, of_signs
from authsome.analytics.metric import Activity, Bucket
from authsome.analytics.metrics.activities import ACTIVITIES
from authsome.analytics.reconcile.difference import Difference, Kind, Layer, Section
from authsome.store.books.books import Books
from authsome.store.tables.rollup import active, active_count, subject
from authsome.store.transactions import Store

Counts = dict[date, int]


async def compare_active(store: Store, section: Section, *, since: datetime | None, zone: ZoneInfo) -> None:
    """Every number of active principals and agents, from the day of `since` on."""
    first = since.astimezone(zone).date() if since else date.min
    for activity in ACTIVITIES:
        for bucket in Bucket:

            def look(books: Books, activity: Activity = activity, bucket: Bucket = bucket) -> list[Counts]:
                return [
                    _shown(books, activity, bucket),
                    _indexed(books, activity, bucket),
                    _counted(books, activity, bucket),
                ]

            shown, indexed, counted = await store.keep(look)
            section.compared += len(counted)
            for difference in _differences(activity, bucket, (shown, indexed, counted)):
                if bucket.start(first) <= difference.day:
                    section.add(difference)


def _shown(books: Books, activity: Activity, bucket: Bucket) -> Counts:
    t = active_count.c
    query = select(t.start, t["count"]).where(t.activity == activity.name, t.period == bucket.value)
    return {start: int(count) for start, count in books.connection.execute(query) if count}


def _indexed(books: Books, activity: Activity, bucket: Bucket) -> Counts:
    t = active.c
    of = t.activity == activity.name, t.period == bucket.value
    query = select(t.start, func.count()).where(*of).group_by(t.start)
    return {start: int(count) for start, count in books.connection.execute(query)}


def _counted(books: Books, activity: Activity, bucket: Bucket) -> Counts:
    who, start = subject.c[activity.field], bucket_of(subject.c.day, bucket)
    where = of_signs(activity.signs), who != ""
    query = select(start, func.count(distinct(who))).where(*where).group_by(start)
    return {start: int(count) for start, count in books.connection.execute(query)}


def _differences(
    activity: Activity, bucket: Bucket, found: tuple[Counts, Counts, Counts]
) -> Iterator[Difference]:
    shown, indexed, counted = found
    for start in sorted({*shown, *indexed, *counted}):
        right, there, listed = (one.get(start, 0) for one in (counted, shown, indexed))
        if not right == there == listed:
            yield Difference(
                layer=Layer.ROLLUPS,
                kind=Kind.STALE,
                event=activity.signs[0].event.name,
                day=start,
                about=f"active {activity.name}s of the {bucket.value}",
                detail=f"{there} shown and {listed} listed, and not {right}",
            )
