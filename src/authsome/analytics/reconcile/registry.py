"""Registry against log: every row has its facts, and every fact its row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select

from authsome.analytics.projections.project import retention_mark
from authsome.analytics.reconcile.difference import Difference, Kind, Layer, Section
from authsome.analytics.rows import TRACES, Past, Restored, Trace
from authsome.store.books.books import Books
from authsome.store.event_log import LoggedEvent
from authsome.store.tables.rollup import BASELINES
from authsome.store.transactions import Store
from authsome.store.view import View

PAGE = 500
Tick = Callable[[int], Awaitable[None]]  # so many more were looked at
BY_NAME = {trace.event.name: trace for trace in TRACES}


@dataclass(frozen=True, slots=True)
class Missing:
    """A row without its fact. `restored` is the fact, None where the row no longer says all of it.

    `is_forgotten` holds where it would name somebody who is erased: then it is not made anew.
    """

    trace: Trace
    row_id: str
    at: datetime
    restored: Restored | None
    is_forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """A page of rows: how many they were, where the next begins, and those without their fact."""

    rows: int
    after: str
    missing: tuple[Missing, ...]


async def compare_registry(store: Store, *, since: datetime | None, time_zone: str, tick: Tick) -> Section:
    """Both directions, a page at a time."""
    section, zone = Section(Layer.REGISTRY), ZoneInfo(time_zone)
    for trace in TRACES:
        retained = await store.keep(partial(Retained.of, event=trace.event.name))
        async for looked in missing_rows(store, trace, since=since):
            section.compared += looked.rows
            for missing in looked.missing:
                day = missing.at.astimezone(zone).date()
                if retained.explains(missing, day):
                    section.apart += 1
                else:
                    section.add(_missing(missing, day))
            await tick(looked.rows)
    await _unfounded(store, section, since=since, zone=zone, tick=tick)
    return section


class Retained:
    """How many facts of one kind retention has deleted, by day.

    A row whose fact may be one of them is accounted for. Which of a day's facts they were, nobody knows any
    more, so rows are matched to them by their number. Those of the erased are not among the numbers any more:
    nothing is said against a row that would name one, and none is expected of one that tells too little and
    is as old as what was deleted.
    """

    def __init__(self, left: Counter[date], upto: date) -> None:
        self._left = left
        self._upto = upto

    @classmethod
    def of(cls, books: Books, event: str) -> Retained:
        if not retention_mark(books):
            return cls(Counter(), date.min)
        daily = BASELINES[0]
        query = select(daily.c.day, func.sum(daily.c["count"])).where(daily.c.event == event)
        rows = books.connection.execute(query.group_by(daily.c.day))
        upto = books.connection.execute(select(func.max(daily.c.day))).scalar()
        return cls(Counter({day: int(count) for day, count in rows}), upto or date.min)

    def explains(self, missing: Missing, day: date) -> bool:
        """Whether nothing is wrong with the row; what it stands for is then used up."""
        if missing.is_forgotten or (missing.restored is None and day <= self._upto):
            return True
        return self.take(day)

    def take(self, day: date) -> bool:
        """Whether one of that day's is left; takes it."""
        if self._left[day] <= 0:
            return False
        self._left[day] -= 1
        return True


async def missing_rows(store: Store, trace: Trace, *, since: datetime | None) -> AsyncIterator[Looked]:
    """The trace's rows, page by page, with those of which the log lacks the fact."""
    after = ""
    while True:
        looked = await store.read(partial(look, store=store, trace=trace, after=after, since=since))
        yield looked
        if looked.rows < PAGE:
            return
        after = looked.after


def look(view: View, store: Store, trace: Trace, *, after: str, since: datetime | None) -> Looked:
    """One page of rows behind the id `after`, and the facts that the log has of them, in one snapshot."""
    ids, at = trace.table.c.id, trace.table.c[trace.at]
    query = trace.rows().where(ids > after)
    if since is not None:
        query = query.where(at >= since)
    rows = view.connection.execute(query.order_by(ids).limit(PAGE)).all()
    uuids = {store.appender.uuid_of(trace.event.name, row.id): row for row in rows}
    known = view.event_log.known_uuids(list(uuids))
    past = Past(view, store.installation_id)
    missing = [_restored(past, trace, row) for value, row in uuids.items() if value not in known]
    return Looked(
        rows=len(rows), after=rows[-1].id if rows else after, missing=tuple(_without_erased(view, missing))
    )


def _restored(past: Past, trace: Trace, row: Row[Any]) -> Missing:
    return Missing(trace, row.id, trace.instant(row), trace.restore(past, row))


def _without_erased(view: View, missing: Sequence[Missing]) -> Iterator[Missing]:
    """The same, marked where somebody is named who is erased."""
    named = {id(one): one.restored.event.names() | {one.restored.by.id} for one in missing if one.restored}
    erased = view.erasures.among({name for names in named.values() for name in names})
    for one in missing:
        yield replace(one, is_forgotten=not erased.isdisjoint(named.get(id(one), ())))


def _missing(missing: Missing, day: date) -> Difference:
    kind = Kind.MISSING if missing.restored else Kind.UNRECOVERABLE
    return Difference(
        layer=Layer.REGISTRY,
        kind=kind,
        event=missing.trace.event.name,
        day=day,
        about=missing.row_id,
        detail=f"{missing.trace.table.name} has it, the log has not",
    )


async def _unfounded(
    store: Store, section: Section, *, since: datetime | None, zone: ZoneInfo, tick: Tick
) -> None:
    position = 0
    while True:
        facts, unfounded = await store.read(partial(_without_rows, after=position, since=since))
        for fact in unfounded:
            section.add(
                Difference(
                    layer=Layer.REGISTRY,
                    kind=Kind.UNFOUNDED,
                    event=fact.name,
                    day=fact.occurred_at.astimezone(zone).date(),
                    about=fact.id,
                    detail=f"no {BY_NAME[fact.name].table.name} says so: {_key(fact)}",
                )
            )
        section.compared += len(facts)
        await tick(len(facts))
        if len(facts) < PAGE:
            return
        position = facts[-1].position or position


def _without_rows(
    view: View, after: int, since: datetime | None
) -> tuple[list[LoggedEvent], list[LoggedEvent]]:
    """A page of the log, and those of its facts that no row tells of."""
    page = view.event_log.after(after, PAGE)
    by_trace: dict[str, list[LoggedEvent]] = defaultdict(list)
    for fact in page:
        if fact.name in BY_NAME and (since is None or fact.occurred_at >= since):
            by_trace[fact.name].append(fact)
    unfounded = []
    for name, facts in by_trace.items():
        trace = BY_NAME[name]
        query = trace.rows().with_only_columns(trace.table.c.id)
        found = view.connection.execute(query.where(trace.table.c.id.in_([_key(fact) for fact in facts])))
        there = set(found.scalars())
        unfounded += [fact for fact in facts if _key(fact) not in there]
    return page, unfounded


def _key(fact: LoggedEvent) -> str:
    return str(fact.fields.get(BY_NAME[fact.name].key))
