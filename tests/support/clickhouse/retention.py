"""RetentionQuery, as posthog/hogql_queries/insights/retention/{runner, base query fixed} answer it.

Only by person, for whole periods, counting those whose first time ever is in the range. ClickHouse finds in
which periods somebody began and came back; which box of the triangle that is, is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.support.clickhouse import asked
from tests.support.clickhouse.dates import STARTS, Range, day_of
from tests.support.clickhouse.refused import HogqlRefused
from tests.support.clickhouse.scope import Setting
from tests.support.clickhouse.trends import Ask, Json

QUERY = {"kind", "dateRange", "properties", "filterTestAccounts", "retentionFilter"}
FILTER = {
    *("period", "totalIntervals", "retentionType", "targetEntity", "returningEntity"),
    *("display", "retentionReference", "meanRetentionCalculation", "showTrendLines"),
}
ENTITY = {"id", "name", "type", "kind", "custom_name", "order", "uuid", "properties"}
DEFAULT_PERIODS = 7


@dataclass(frozen=True)
class Cohort:
    """Those who began in one period: how many came back so many periods later, the first number being all."""

    began: date
    counts: tuple[int, ...]


def answer(query: Json, setting: Setting, ask: Ask) -> list[Cohort]:
    """The cohorts of the range, the oldest first."""
    asked.only(query, QUERY)
    said = asked.only(query["retentionFilter"], FILTER)
    if said.get("retentionType") != "retention_first_time":
        raise HogqlRefused(f"retention of the type {said.get('retentionType')}")
    periods = said.get("totalIntervals") or DEFAULT_PERIODS
    range_ = Range.of(query.get("dateRange"), (said.get("period") or "Day").lower(), setting)
    first = _first(range_, query, periods)
    drawn = [first]
    while (following := range_.after(drawn[-1])) <= range_.last.date():
        drawn.append(following)
    people = [_person(row, drawn) for row in ask(_select(query, said, range_, first))]
    return [_cohort(began, people, range_, periods) for began in drawn]


def _first(range_: Range, query: Json, periods: int) -> date:
    """Where the triangle begins: with the range, or so that its periods end today."""
    if (query.get("dateRange") or {}).get("date_from"):
        return range_.bucket(range_.first.date())
    return range_.after(range_.bucket(range_.last.date()), 1 - periods)


def _select(query: Json, said: Json, range_: Range, first: date) -> str:
    start, back = (asked.event(asked.only(said[key], ENTITY)) for key in ("targetEntity", "returningEntity"))
    period = f"{STARTS[range_.interval]}(timestamp)"
    end = range_.after(range_.bucket(range_.last.date()))
    within = f"timestamp >= {_spelled(first)} AND timestamp < {_spelled(end)}"
    conditions = [f"({start}) OR ({back})"]
    conditions += [asked.properties(query["properties"])] if query.get("properties") else []
    return (
        f"SELECT person_id AS actor, {STARTS[range_.interval]}(minIf(timestamp, {start})) AS first_ever, "
        f"groupUniqArrayIf(toString(toDate({period})), ({start}) AND {within}) AS began, "
        f"groupUniqArrayIf(toString(toDate({period})), ({back}) AND {within}) AS came "
        f"FROM events WHERE {' AND '.join(f'({one})' for one in conditions)} GROUP BY actor LIMIT 50000"
    )


def _spelled(day: date) -> str:
    return f"toDateTime('{day.isoformat()} 00:00:00')"


def _person(row: tuple[Any, ...], drawn: list[date]) -> tuple[date | None, list[date]]:
    """In which period somebody began, if that was the first time ever, and in which they came back."""
    _, first_ever, began, came = row
    starts = sorted(date.fromisoformat(day) for day in began)
    returns = sorted(date.fromisoformat(day) for day in came)
    if day_of(first_ever) not in starts:
        return None, returns
    return (starts[0] if starts[0] in drawn else None), returns


def _cohort(began: date, people: list[tuple[date | None, list[date]]], range_: Range, periods: int) -> Cohort:
    own = [came for start, came in people if start == began]
    counts = [len(own)]
    for number in range(1, periods):
        counts.append(sum(range_.after(began, number) in came for came in own))
    return Cohort(began, tuple(counts))
