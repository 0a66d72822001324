"""The tables behind the pages: add a fold, or take out who is erased."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, or_, select, text

from authsome.analytics.projections import active, cohorts, firsts
from authsome.analytics.projections.fold import DailyKey, Folded
from authsome.store.books.upsert import insert
from authsome.store.tables import rollup as tables

IDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Target:
    """Three tables of one shape: what pages read, or the baseline below it."""

    daily: Table
    subject: Table
    milestone: Table


ROLLUPS, BASELINES = Target(*tables.ROLLUPS), Target(*tables.BASELINES)


def add(connection: Connection, folded: Folded, target: Target) -> None:
    """Add the fold to the tables, in the caller's transaction.

    Whom it says to be erased is taken out of rollups and baseline alike, and whoever was is not added: so it
    comes to the same in whichever order facts are read, by whom, and how often from the beginning.
    """
    _alone(connection)
    uncount(connection, folded.erased, folded.zone)
    without(folded, _uncounted_in(connection, folded))
    counts: dict[Table, Mapping[Any, int]] = {target.daily: folded.daily, target.subject: folded.subject}
    for table, counted in counts.items():
        rows = [{**key._asdict(), "count": count} for key, count in counted.items() if count]
        if rows:
            connection.execute(_upsert(connection, table), rows)
    rows = [{**key._asdict(), "first_at": at} for key, at in folded.milestone.items()]
    if rows:
        connection.execute(_upsert(connection, target.milestone), rows)
    if target is ROLLUPS:
        active.add(connection, folded.zone, folded.subject)
        firsts.add(connection, folded.milestone)
        cohorts.add(connection, folded.zone, folded.milestone)


def _alone(connection: Connection) -> None:
    """One at a time: who is added and who is taken out at the same moment must see each other."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE uncounted IN EXCLUSIVE MODE"))


def without(folded: Folded, erased: Set[str]) -> None:
    """Take what names one of these out of the fold."""
    if not erased:
        return
    for key in [key for key in folded.subject if not erased.isdisjoint(key.who)]:
        folded.daily[key.daily] -= folded.subject.pop(key)
    for first in [key for key in folded.milestone if not erased.isdisjoint(key.who)]:
        del folded.milestone[first]


def uncount(connection: Connection, erased: Collection[str], zone: ZoneInfo) -> None:
    """Remember that these count no more, and take what names them out of rollups and baseline."""
    ids = sorted(erased)
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = ids[start : start + IDS_AT_ONCE]
        connection.execute(
            insert(connection, tables.uncounted).on_conflict_do_nothing(), [{"id": one} for one in some]
        )
        for target in (ROLLUPS, BASELINES):
            _take_out(connection, target, some, zone)


def _take_out(connection: Connection, target: Target, ids: Collection[str], zone: ZoneInfo) -> None:
    named, first_named = _names(target.subject, ids), _names(target.milestone, ids)
    shaken = active.resting_on(connection, named) if target is ROLLUPS else set()
    agents = firsts.standing_on(connection, first_named) if target is ROLLUPS else set()
    began = cohorts.resting_on(connection, first_named) if target is ROLLUPS else {}
    daily, subject = target.daily.c, target.subject.c
    keys = [subject[name] for name in DailyKey._fields]
    counted = select(*keys, func.sum(subject["count"])).where(named).group_by(*keys)
    for *key, count in connection.execute(counted).all():
        this = and_(*(daily[name] == value for name, value in zip(DailyKey._fields, key, strict=True)))
        connection.execute(target.daily.update().where(this).values(count=daily["count"] - int(count)))
        connection.execute(delete(target.daily).where(this, daily["count"] <= 0))
    connection.execute(delete(target.subject).where(named))
    connection.execute(delete(target.milestone).where(first_named))
    active.drop_unsupported(connection, shaken)
    firsts.look_again(connection, agents)
    cohorts.place(connection, zone, began)


def _names(table: Table, ids: Collection[str]) -> ColumnElement[bool]:
    return or_(*(table.c[name].in_(ids) for name in tables.WHO))


def _uncounted_in(connection: Connection, folded: Folded) -> set[str]:
    """Those in the fold who count no more."""
    ids = sorted({one for key in folded.milestone for one in key.who if one})
    found: set[str] = set()
    for start in range(0, len(ids), IDS_AT_ONCE):
        query = select(tables.uncounted.c.id).where(
            tables.uncounted.c.id.in_(ids[start : start + IDS_AT_ONCE])
        )
        found |= set(connection.execute(query).scalars())
    return found


def _upsert(connection: Connection, table: Table) -> Any:
    """Built once: putting the statement together costs more than running it."""
    key = (connection.dialect.name, table)
    if key not in _UPSERTS:
        statement, only = insert(connection, table), None
        if "count" in table.c:
            merged = {"count": table.c.count + statement.excluded.count}
        else:
            # Facts come in the order of their commits, which is not quite the order of their times.
            known, new = table.c.first_at, statement.excluded.first_at
            merged, only = {"first_at": new}, new < known
        keys = [column.name for column in table.primary_key]
        _UPSERTS[key] = statement.on_conflict_do_update(index_elements=keys, set_=merged, where=only)
    return _UPSERTS[key]


_UPSERTS: dict[tuple[str, Table], Any] = {}
