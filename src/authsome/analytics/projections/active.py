"""Who was active in each day, week and month: an index over the subject rows, kept as they change.

A page that asks how many agents were active in a month would count a million rows of subjects; here it reads
one number. The index holds nothing of its own: it is what the subject rows say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, or_, select

from authsome.analytics.metric import Activity, Bucket
from authsome.analytics.metrics.activities import ACTIVITIES
from authsome.analytics.projections import cohorts
from authsome.analytics.projections.fold import SubjectKey
from authsome.store.books.upsert import insert
from authsome.store.tables.rollup import active, active_count, subject

AT_ONCE = 5_000
WIDER = (Bucket.WEEK, Bucket.MONTH)
_COLUMNS = (
    subject.c.event,
    subject.c.day,
    subject.c.outcome,
    subject.c.principal_id,
    subject.c.identity_handle,
)


class ActiveKey(NamedTuple):
    """One row of the index."""

    activity: str
    period: str
    start: date
    id: str


def signs_in(event: str, day: date, outcome: str, **who: str) -> Iterator[ActiveKey]:
    """The days that a subject row makes somebody active on."""
    for activity in _OF_EVENT.get(event, ()):
        one = who[activity.field]
        if one and any(s.event.name == event and s.outcome in (None, outcome) for s in activity.signs):
            yield ActiveKey(activity.name, Bucket.DAY.value, day, one)


def add(connection: Connection, zone: ZoneInfo, keys: Iterable[SubjectKey]) -> None:
    """Let the subject rows count; the milestones are there already."""
    days = {
        sign
        for key in keys
        if key.event in _OF_EVENT
        for sign in signs_in(
            key.event,
            key.day,
            key.outcome,
            principal_id=key.principal_id,
            identity_handle=key.identity_handle,
        )
    }
    _add_days(connection, zone, days)


def resting_on(connection: Connection, condition: ColumnElement[bool]) -> set[ActiveKey]:
    """The rows of the index that the subject rows under this condition speak for, in every period."""
    query = select(*_COLUMNS).where(condition, subject.c.event.in_(_OF_EVENT)).distinct()
    days = set(_signs_of(connection.execute(query).all()))
    return days | {_wider(key, period) for key in days for period in WIDER}


def drop_unsupported(connection: Connection, keys: Iterable[ActiveKey]) -> None:
    """Take out what no subject row speaks for any more."""
    gone = [key for key in keys if not connection.execute(select(_supported(key))).scalar()]
    for key in gone:
        columns = (active.c[name] == value for name, value in key._asdict().items())
        if connection.execute(delete(active).where(*columns)).rowcount:
            _count(connection, Counter({key[:3]: -1}))


def _signs_of(rows: Iterable[tuple[str, date, str, str, str]]) -> Iterator[ActiveKey]:
    for event, day, outcome, principal_id, handle in rows:
        yield from signs_in(event, day, outcome, principal_id=principal_id, identity_handle=handle)


def _add_days(connection: Connection, zone: ZoneInfo, days: set[ActiveKey]) -> None:
    """A week or a month gains somebody only by a day that is new: so most facts end at the first look."""
    new = _insert(connection, days, {}) if days else days
    for period in WIDER if new else ():
        keys = {_wider(key, period) for key in new}
        _insert(connection, keys, _cohorts(connection, zone, keys))


def _cohorts(connection: Connection, zone: ZoneInfo, keys: Iterable[ActiveKey]) -> dict[ActiveKey, date]:
    """With whom those began of whose activity and period there are cohorts."""
    found = dict[ActiveKey, date]()
    for name, metric in cohorts.COHORTS.items():
        of_metric = [key for key in keys if key.activity == name and key.period == metric.bucket.value]
        began = cohorts.find(connection, zone, name, ids={key.id for key in of_metric})
        found |= {key: began[key.id] for key in of_metric if key.id in began}
    return found


def _insert(connection: Connection, keys: set[ActiveKey], began: Mapping[ActiveKey, date]) -> set[ActiveKey]:
    """Those that were not there before."""
    known = active.primary_key.columns
    statement = insert(connection, active).on_conflict_do_nothing().returning(*known)
    waiting, new = iter(sorted(keys)), set[ActiveKey]()
    while some := list(islice(waiting, AT_ONCE)):
        rows = connection.execute(statement, [{**key._asdict(), "cohort": began.get(key)} for key in some])
        new |= {ActiveKey(*row) for row in rows}
    _count(connection, Counter(key[:3] for key in new))
    return new


def _count(connection: Connection, changes: Counter[tuple[str, str, date]]) -> None:
    if not changes:
        return
    statement = insert(connection, active_count)
    statement = statement.on_conflict_do_update(
        index_elements=[column.name for column in active_count.primary_key],
        set_={"count": active_count.c["count"] + statement.excluded["count"]},
    )
    names = ("activity", "period", "start")
    rows = [dict(zip(names, key, strict=True)) | {"count": n} for key, n in sorted(changes.items())]
    connection.execute(statement, rows)


def _wider(key: ActiveKey, period: Bucket) -> ActiveKey:
    return key._replace(period=period.value, start=period.start(key.start))


def _supported(key: ActiveKey) -> ColumnElement[bool]:
    activity = next(one for one in ACTIVITIES if one.name == key.activity)
    signs = (
        and_(
            subject.c.event == sign.event.name, *([subject.c.outcome == sign.outcome] if sign.outcome else [])
        )
        for sign in activity.signs
    )
    days = subject.c.day >= key.start, subject.c.day < Bucket(key.period).after(key.start)
    return exists().where(subject.c[activity.field] == key.id, *days, or_(*signs))


def _by_event() -> dict[str, list[Activity]]:
    found: dict[str, list[Activity]] = {}
    for activity in ACTIVITIES:
        for event in activity.events:
            found.setdefault(event.name, []).append(activity)
    return found


_OF_EVENT = _by_event()
