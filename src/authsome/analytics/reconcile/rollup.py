"""Log against rollups: fold the log again, a few days at a time, and compare with what pages are shown.

Rollups are the baseline and the fold of what lies between the retention mark and the projector's cursor,
without whoever is erased; all of these are read with them, so a comparison holds while facts come in. What a
first time is, spans all days: a row is right when no fact is earlier and one, or the baseline, is as early.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Table, func, select, tuple_

from authsome.analytics.projections.fold import (
    VERSION,
    DailyKey,
    Folded,
    MilestoneKey,
    SubjectKey,
    add_facts,
)
from authsome.analytics.projections.project import READER, is_beginning, retention_mark
from authsome.analytics.projections.rollups import BASELINES, ROLLUPS, without
from authsome.analytics.reconcile.active import compare_active
from authsome.analytics.reconcile.cohorts import compare_cohorts
from authsome.analytics.reconcile.difference import Difference, Kind, Layer, Section
from authsome.analytics.reconcile.firsts import compare_firsts
from authsome.analytics.reconcile.registry import Tick
from authsome.analytics.reconcile.stretch import Days, Shape, instant, shape_of
from authsome.kit.clock import rfc3339
from authsome.store.books.books import Books
from authsome.store.event_log import logged
from authsome.store.tables import rollup as tables
from authsome.store.tables.log import event_log
from authsome.store.transactions import Store
from authsome.store.view import View

PAGE = 1_000
AT_ONCE = 20_000  # facts and rows of rollups that are held together
KEYS = 200  # in one question about first times
TRIES = 3
NOT_KEPT = "no numbers are kept in this mode"
ABOUT_TO_BE_MADE = "the numbers are about to be made anew"


@dataclass(frozen=True, slots=True)
class Kept:
    """Rollups of some days with what they stand on: counts, first times, and how far the log is in them."""

    mark: int
    upto: int
    counts: dict[tuple[Any, ...], int]
    base: dict[tuple[Any, ...], int]
    firsts: dict[MilestoneKey, datetime]
    base_firsts: dict[MilestoneKey, datetime]
    uncounted: frozenset[str]


class RetentionMoved(Exception):
    """Facts were deleted between the two looks."""


async def compare_rollups(store: Store, *, since: datetime | None, tick: Tick) -> Section:
    """Every rollup row from `since` on, and every row that should be there."""
    section = Section(Layer.ROLLUPS)
    cursor = await store.keep(lambda books: books.cursors.find(READER))
    if cursor is None or not cursor.enabled:
        section.skipped = NOT_KEPT
        return section
    if cursor.state.get("version") != VERSION or is_beginning(cursor):
        section.skipped = ABOUT_TO_BE_MADE
        return section
    zone = ZoneInfo(cursor.state["time_zone"])
    shape = await store.read(shape_of)
    for days in await _stretches(store, shape, zone, since):
        await _compare_again(store, section, days, _Look(shape, zone, tick))
    await compare_active(store, section, since=since, zone=zone)
    await compare_firsts(store, section, zone=zone)
    await compare_cohorts(store, section, zone=zone)
    return section


async def _stretches(store: Store, shape: Shape, zone: ZoneInfo, since: datetime | None) -> list[Days]:
    """All days, cut so that what belongs to one stretch fits in memory."""
    weights = {day: one.facts for day, one in shape.per_day.items()}
    for day, rows in (await store.look(_rows_per_day)).items():
        weights[day] = weights.get(day, 0) + rows
    first = since.astimezone(zone).date() if since else date.min
    found, weight, begun = list[Days](), 0, first
    for day in sorted(day for day in weights if day > first):
        if weight and weight + weights[day] > AT_ONCE:
            found.append(Days(begun, day))
            begun, weight = day, 0
        weight += weights[day]
    return [*found, Days(begun, date.max)]


def _rows_per_day(books: Books) -> dict[date, int]:
    day = ROLLUPS.subject.c.day
    return {found: int(n) for found, n in books.connection.execute(select(day, func.count()).group_by(day))}


class _Look(NamedTuple):
    """With what eyes the log is read."""

    shape: Shape
    zone: ZoneInfo
    tick: Tick


async def _compare_again(store: Store, section: Section, days: Days, look: _Look) -> None:
    """Compare a stretch; from the start again where retention came between."""
    for attempt in range(TRIES):
        try:
            await _compare(store, section, days, look)
        except RetentionMoved:
            if attempt == TRIES - 1:
                section.notes.append(f"not compared, retention was at work: {days.first} to {days.last}")
        else:
            return


async def _compare(store: Store, section: Section, days: Days, look: _Look) -> None:
    span = (instant(days.first, look.zone), instant(days.last, look.zone))
    kept = await store.look(partial(_kept, days=days, span=span))
    folded = Folded(look.zone)
    for position, upto in look.shape.parts(days, mark=kept.mark, upto=kept.upto):
        while position < upto:
            page = partial(_fold_page, span=span, folded=folded, part=(position, upto))
            count, position = await store.read(page)
            section.compared += count
            await look.tick(count)
    if await store.keep(retention_mark) != kept.mark:
        raise RetentionMoved
    without(folded, kept.uncounted)
    known = await _firsts_of(store, list(folded.milestone))
    for difference in (*_counts(kept, folded), *_milestones(kept, folded, known, look.zone)):
        section.add(difference)


def _kept(books: Books, days: Days, span: tuple[datetime, datetime]) -> Kept:
    cursor, connection = books.cursors.find(READER), books.connection
    counts, base = (
        {
            **_counted(connection, target.daily, DailyKey, days),
            **_counted(connection, target.subject, SubjectKey, days),
        }
        for target in (ROLLUPS, BASELINES)
    )
    firsts, base_firsts = (_first_in(connection, target.milestone, span) for target in (ROLLUPS, BASELINES))
    uncounted = frozenset(connection.execute(select(tables.uncounted.c.id)).scalars())
    upto = cursor.position if cursor else 0
    return Kept(retention_mark(books), upto, counts, base, firsts, base_firsts, uncounted)


def _counted(
    connection: Connection, table: Table, key: type[DailyKey | SubjectKey], days: Days
) -> dict[tuple[Any, ...], int]:
    columns = [table.c[name] for name in key._fields]
    query = select(*columns, table.c["count"]).where(table.c.day >= days.first, table.c.day < days.last)
    return {key(*row[:-1]): row[-1] for row in connection.execute(query)}


def _first_in(
    connection: Connection, table: Table, span: tuple[datetime, datetime]
) -> dict[MilestoneKey, datetime]:
    first_at = table.c.first_at
    query = select(table).where(first_at >= span[0], first_at < span[1])
    return {_milestone(row): row.first_at for row in connection.execute(query)}


def _milestone(row: Row[Any]) -> MilestoneKey:
    return MilestoneKey(*(row._mapping[name] for name in MilestoneKey._fields))


def _fold_page(
    view: View, span: tuple[datetime, datetime], folded: Folded, part: tuple[int, int]
) -> tuple[int, int]:
    """Add a page of the stretch's facts; returns how many, and where to go on."""
    t, (after, upto) = event_log.c, part
    query = (
        select(event_log)
        .where(t.position > after, t.position <= upto, t.occurred_at >= span[0], t.occurred_at < span[1])
        .order_by(t.position)
        .limit(PAGE)
    )
    facts = [logged(row) for row in view.connection.execute(query)]
    add_facts(folded, facts)
    return len(facts), (facts[-1].position or after) if len(facts) == PAGE else upto


def _counts(kept: Kept, folded: Folded) -> Iterator[Difference]:
    expected = dict(kept.base)
    for key, count in (*folded.daily.items(), *folded.subject.items()):
        expected[key] = expected.get(key, 0) + count
    for key in sorted(expected.keys() | kept.counts.keys(), key=str):
        there, right = kept.counts.get(key, 0), expected.get(key, 0)
        if there != right:
            assert isinstance(key, DailyKey | SubjectKey)
            what = str(key.who) if isinstance(key, SubjectKey) else "all"
            yield _stale(key.event, key.day, what, f"{there} and not {right}")


async def _firsts_of(store: Store, keys: Sequence[MilestoneKey]) -> Mapping[MilestoneKey, datetime]:
    """The first times that pages are shown for these."""
    found: dict[MilestoneKey, datetime] = {}
    for at in range(0, len(keys), KEYS):
        found |= await store.look(partial(_look_up, keys=keys[at : at + KEYS]))
    return found


def _look_up(books: Books, keys: Sequence[MilestoneKey]) -> dict[MilestoneKey, datetime]:
    t = ROLLUPS.milestone.c
    query = select(ROLLUPS.milestone).where(tuple_(*(t[name] for name in MilestoneKey._fields)).in_(keys))
    rows = books.connection.execute(query)
    return {_milestone(row): row.first_at for row in rows}


def _milestones(
    kept: Kept, folded: Folded, known: Mapping[MilestoneKey, datetime], zone: ZoneInfo
) -> Iterator[Difference]:
    wrong: dict[MilestoneKey, str] = {}
    for key, first_at in folded.milestone.items():
        there = known.get(key)
        if there is None or there > first_at:
            wrong[key] = f"first at {rfc3339(there) if there else 'no time'} and not {rfc3339(first_at)}"
    for key, there in kept.firsts.items():
        if there not in (folded.milestone.get(key), kept.base_firsts.get(key)):
            wrong.setdefault(key, f"first at {rfc3339(there)}, when nothing happened")
    for key, detail in wrong.items():
        moment = folded.milestone.get(key) or kept.firsts[key]
        yield _stale(key.event, moment.astimezone(zone).date(), str(key.who), detail)


def _stale(event: str, day: date, about: str, detail: str) -> Difference:
    return Difference(layer=Layer.ROLLUPS, kind=Kind.STALE, event=event, day=day, about=about, detail=detail)
