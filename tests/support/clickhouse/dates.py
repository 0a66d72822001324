"""What a date range means. PostHog has two readings of `-89d`, and a third of where a graph begins.

- `relative` is relative_date_parse of posthog/utils.py: this very moment 89 days ago; `-89dStart` is the
  start of that day. `{filters}` of a SQL insight (posthog/hogql/filters.py) reads it like that.
- `Range` is QueryDateRange of posthog/hogql_queries/utils/query_date_range.py, for all other insights: the
  start of that day, and the end of today.
- A graph's first bucket is the one in which the range begins. By month, all of that month is counted; by
  week, only what is within the range.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.clickhouse.refused import HogqlRefused
from tests.support.clickhouse.scope import Node, Setting

Json = dict[str, Any]
DEFAULT_DAYS = 7  # of an insight that names no beginning
_RELATIVE = re.compile(r"-?(?P<number>\d+)?(?P<unit>[hdwmy])(?P<edge>Start|End)?")


def relative(said: str, setting: Setting) -> datetime:
    """The moment that is meant, in the project's zone."""
    now, zone = setting.now.astimezone(ZoneInfo(setting.zone)), ZoneInfo(setting.zone)
    try:
        moment = datetime.fromisoformat(said)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    except ValueError:
        found = _RELATIVE.fullmatch(said)
    if found is None:
        raise HogqlRefused(f"the date {said!r}")
    number, edge = int(found["number"] or 0), found["edge"]
    moment = _back(now, number, found["unit"])
    if edge and found["unit"] != "d":
        raise HogqlRefused(f"the date {said!r}: only an edge of a day has been looked up")
    if edge == "Start":
        return _midnight(moment)
    return moment.replace(hour=23, minute=59, second=59, microsecond=999_999) if edge else moment


def filters(range_: Json | None, setting: Setting) -> Node | None:
    """What takes the place of `{filters}`."""
    parts: list[Node] = []
    for key, op in (("date_to", "<"), ("date_from", ">=")):
        said = (range_ or {}).get(key)
        if said is not None and said != "all":
            parts.append(_timestamp(op, relative(said, setting)))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {"node": "And", "exprs": parts}


@dataclass(frozen=True)
class Range:
    """The time of an insight, and the buckets by which it is drawn."""

    first: datetime
    last: datetime
    interval: str
    weeks_from_monday: bool

    @classmethod
    def of(cls, range_: Json | None, interval: str, setting: Setting) -> Range:
        said = range_ or {}
        if said.get("explicitDate") or said.get("date_from") == "all" or interval not in STARTS:
            raise HogqlRefused(f"the range {said} by {interval}")
        first = _midnight(relative(said.get("date_from") or f"-{DEFAULT_DAYS}d", setting))
        last = relative(said.get("date_to") or "-0d", setting)
        last = last.replace(hour=23, minute=59, second=59, microsecond=999_999)
        return cls(first, last, interval, setting.weeks_from_monday)

    @property
    def counted_from(self) -> datetime:
        """From when on a graph counts."""
        return _at(self.bucket(self.first.date()), self.first) if self.interval == "month" else self.first

    @property
    def buckets(self) -> list[date]:
        """The first days of the buckets that are drawn."""
        found = [self.bucket(self.first.date())]
        while (following := self.after(found[-1])) <= self.last.date():
            found.append(following)
        return found

    def bucket(self, day: date) -> date:
        """The first day of the bucket that holds the day."""
        match self.interval:
            case "day":
                return day
            case "week":
                return day - timedelta(days=day.weekday() if self.weeks_from_monday else day.isoweekday() % 7)
            case _:
                return day.replace(day=1)

    def after(self, bucket: date, number: int = 1) -> date:
        """The bucket so many after this one."""
        if self.interval == "month":
            months = bucket.year * 12 + bucket.month - 1 + number
            return date(months // 12, months % 12 + 1, 1)
        return bucket + timedelta(days=number * (7 if self.interval == "week" else 1))


STARTS = {"day": "toStartOfDay", "week": "toStartOfWeek", "month": "toStartOfMonth"}


def spelled(moment: datetime) -> str:
    """A moment as insights spell it in HogQL: whole seconds, in the project's zone."""
    return f"assumeNotNull(toDateTime('{moment:%Y-%m-%d %H:%M:%S}'))"


def day_of(value: date) -> date:
    """The day that a bucket starts with, whether ClickHouse gave a day or the time at which it begins."""
    if isinstance(value, datetime):
        if value.time() != time(0) and value.hour > 1:  # in some zones a day of summer time begins at one
            raise HogqlRefused(f"{value} begins no day")
        return value.date()
    return value


def _timestamp(op: str, moment: datetime) -> Node:
    left = {"node": "Field", "chain": ["timestamp"]}
    return {
        "node": "CompareOperation",
        "op": op,
        "left": left,
        "right": {"node": "Constant", "value": moment},
    }


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _at(day: date, like: datetime) -> datetime:
    return datetime.combine(day, time(0), like.tzinfo)


def _back(moment: datetime, number: int, unit: str) -> datetime:
    if unit == "h":
        return moment - timedelta(hours=number)
    if unit in "dw":
        return moment - timedelta(days=number * (7 if unit == "w" else 1))
    months = moment.year * 12 + moment.month - 1 - number * (12 if unit == "y" else 1)
    year, month = months // 12, months % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return moment.replace(year=year, month=month, day=min(moment.day, last))
