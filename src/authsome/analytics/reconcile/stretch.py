"""Cut the log into stretches of days that fit in memory, and know where in it they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, func, select, type_coerce

from authsome.kit.clock import EPOCH
from authsome.store.tables.log import event_log
from authsome.store.view import View

DAY = timedelta(days=1)
DAY_MICROS = 24 * 3600 * 10**6


class Days(NamedTuple):
    """Whole days, `first` included and `last` not."""

    first: date
    last: date


class PerDay(NamedTuple):
    """A day's facts: how many, and between which positions they lie."""

    facts: int
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Shape:
    """Where in the log the facts of which days are, up to the position `head`.

    Nearly in order of time, so a stretch of days is a stretch of the log, and comparing all of them reads it
    about once.
    """

    per_day: dict[date, PerDay]
    head: int

    def parts(self, days: Days, *, mark: int, upto: int) -> list[tuple[int, int]]:
        """Where facts of these days can be, behind `mark` up to `upto`: behind one position up to another.

        A day in any time zone is at most a day away from the same in UTC.
        """
        near = [one for at, one in self.per_day.items() if days.first <= at + DAY and at - DAY < days.last]
        parts = [(max(mark, self.head), upto)]
        if near:
            lowest, highest = min(one.lowest for one in near), max(one.highest for one in near)
            parts.append((max(mark, lowest - 1), min(upto, highest)))
        return [(after, end) for after, end in parts if after < end]


def shape_of(view: View) -> Shape:
    """Read in one pass over the log, by days in UTC."""
    t = event_log.c
    day = type_coerce(t.occurred_at, BigInteger) // DAY_MICROS
    query = select(day, func.count(), func.min(t.position), func.max(t.position))
    found = view.connection.execute(query.where(t.position.is_not(None)).group_by(day))
    per_day = {
        (EPOCH + timedelta(days=int(number))).date(): PerDay(*(int(one) for one in rest))
        for number, *rest in found
    }
    return Shape(per_day, view.event_log.head())


def instant(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins in the zone. The first and the last of all days are outside what zones can say."""
    if day in (date.min, date.max):
        return datetime.combine(day, time.min, UTC)
    return datetime.combine(day, time.min, zone).astimezone(UTC)
