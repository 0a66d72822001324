"""FunnelsQuery, as posthog/hogql_queries/insights/funnels and its funnel-udf/src/steps.rs answer it.

Only the ordered funnel of steps, without exclusions, breakdown or optional steps. ClickHouse finds the
events; who took which step is decided here, because PostHog decides it in a function of its own.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from tests.support.clickhouse import asked
from tests.support.clickhouse.dates import Range
from tests.support.clickhouse.refused import HogqlRefused
from tests.support.clickhouse.scope import Setting
from tests.support.clickhouse.trends import Ask, Json

QUERY = {"kind", "series", "interval", "dateRange", "properties", "filterTestAccounts", "funnelsFilter"}
FILTER = {
    *("funnelVizType", "funnelOrderType", "funnelWindowInterval", "funnelWindowIntervalUnit"),
    *("funnelAggregateByHogQL", "layout", "showValuesOnSeries"),
}
NODE = {"kind", "event", "name", "custom_name", "math", "properties"}
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
DEFAULT_DAYS = 14


@dataclass(frozen=True)
class Step:
    """How many got as far, and how many seconds those took since the step before."""

    event: str
    label: str
    count: int
    average: float | None
    median: float | None


@dataclass(frozen=True)
class _Seen:
    """One event of somebody: when, which, and as which steps it counts (from 1)."""

    at: float
    uuid: str
    steps: tuple[int, ...]


@dataclass(frozen=True)
class _Entered:
    """How somebody got to a step: when they began, and when each step was taken."""

    began: float = 0.0
    times: tuple[float, ...] = ()
    used: tuple[str, ...] = ()


def answer(query: Json, setting: Setting, ask: Ask) -> list[Step]:
    """The steps in their order."""
    asked.only(query, QUERY)
    said = asked.only(query.get("funnelsFilter") or {}, FILTER)
    if said.get("funnelVizType", "steps") != "steps" or said.get("funnelOrderType", "ordered") != "ordered":
        raise HogqlRefused("a funnel that is not of steps, in order")
    unit = said.get("funnelWindowIntervalUnit") or "day"
    window = (said.get("funnelWindowInterval") or DEFAULT_DAYS) * SECONDS[unit]
    series = [asked.only(node, NODE) for node in query["series"]]
    rows = ask(_select(query, series, said.get("funnelAggregateByHogQL"), setting))
    taken = [_furthest(_events(own), len(series), window) for own in _by_target(rows)]
    return [_step(node, number, taken) for number, node in enumerate(series, start=1)]


def _select(query: Json, series: list[Json], target: str | None, setting: Setting) -> str:
    range_ = Range.of(query.get("dateRange"), "day", setting)
    steps = [f"if({asked.event(node)}, 1, 0) AS step_{number}" for number, node in enumerate(series, start=1)]
    conditions = [
        f"timestamp >= toDateTime('{range_.first:%Y-%m-%d %H:%M:%S.%f}')",
        f"timestamp <= toDateTime('{range_.last:%Y-%m-%d %H:%M:%S.%f}')",
        " OR ".join(f"({asked.event(node)})" for node in series),
    ]
    conditions += [asked.properties(query["properties"])] if query.get("properties") else []
    if target and target != "person_id":
        conditions.append("aggregation_target != '' AND aggregation_target != NULL")
    where = " AND ".join(f"({one})" for one in conditions)
    return (
        f"SELECT toString({target or 'person_id'}) AS aggregation_target, toFloat(timestamp) AS at, "
        f"toString(uuid) AS id, {', '.join(steps)} FROM events AS e WHERE {where} LIMIT 50000"
    )


def _by_target(rows: Iterable[tuple[Any, ...]]) -> list[list[tuple[Any, ...]]]:
    ordered = sorted(rows, key=lambda row: (row[0], row[1]))
    return [list(own) for _, own in groupby(ordered, key=lambda row: row[0])]


def _events(rows: list[tuple[Any, ...]]) -> list[_Seen]:
    seen = []
    for _, at, uuid, *flags in rows:
        steps = tuple(number for number, flag in enumerate(flags, start=1) if flag)
        seen.append(_Seen(at, uuid, steps))
    return seen


def _furthest(events: list[_Seen], steps: int, window: int) -> _Entered:
    """How far somebody got, each step no later than `window` after the first.

    A later start takes the place of an earlier one for what follows. Different events of one moment count in
    the order of the steps.
    """
    entered = [_Entered()] * (steps + 1)
    best = _Entered()
    for at, together in groupby(events, key=lambda event: event.at):
        entered[0] = _Entered(began=at)
        group = list(together)
        mixed = len({event.steps for event in group}) > 1
        if mixed:
            single = [_Seen(at, event.uuid, (step,)) for event in group for step in event.steps]
            group = sorted(single, key=lambda event: event.steps)
        for event in group:
            for step in reversed(event.steps):
                before = entered[step - 1]
                if not before.began or at - before.began > window or entered[step].began == before.began:
                    continue
                if mixed and event.uuid in before.used:
                    continue
                entered[step] = _Entered(before.began, (*before.times, at), (*before.used, event.uuid))
                if step > len(best.times):
                    best = entered[step]
        if entered[steps].began:
            break
    return best


def _step(node: Json, number: int, taken: list[_Entered]) -> Step:
    reached = [one.times for one in taken if len(one.times) >= number]
    waits = [times[number - 1] - times[number - 2] for times in reached] if number > 1 else []
    waits = [wait for wait in waits if wait > 0]
    return Step(
        event=node["event"],
        label=node.get("custom_name") or node.get("name") or node["event"],
        count=len(reached),
        average=statistics.fmean(waits) if waits else None,
        median=statistics.median(waits) if waits else None,
    )
