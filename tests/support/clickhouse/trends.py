"""TrendsQuery, as posthog/hogql_queries/insights/trends/{trends_query_builder,breakdown}.py answer it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.support.clickhouse import asked
from tests.support.clickhouse.dates import STARTS, Range, day_of, spelled
from tests.support.clickhouse.refused import HogqlRefused
from tests.support.clickhouse.scope import Setting

Json = dict[str, Any]
Ask = Callable[[str], list[tuple[Any, ...]]]
Value = str | tuple[str, ...] | None

OTHER = "$$_posthog_breakdown_other_$$"
NOTHING = "$$_posthog_breakdown_null_$$"
DEFAULT_VALUES = 25
WHOLE = {"ActionsBarValue", "ActionsPie", "ActionsTable", "BoldNumber"}  # one number for all of the time
BY_TIME = {"ActionsLineGraph", "ActionsBar", "ActionsUnstackedBar", "ActionsStackedBar", "ActionsAreaGraph"}
QUERY = {
    *("kind", "series", "interval", "dateRange", "properties", "filterTestAccounts", "trendsFilter"),
    "breakdownFilter",
}
NODE = {"kind", "event", "name", "custom_name", "math", "math_hogql", "math_property", "properties"}
DRAWN = {  # only how it looks
    *(
        "display",
        "showLegend",
        "showValuesOnSeries",
        "aggregationAxisFormat",
        "decimalPlaces",
        "yAxisScaleType",
    ),
    *("aggregationAxisPrefix", "aggregationAxisPostfix", "showPercentStackView", "showLabelsOnSeries"),
}


@dataclass(frozen=True)
class Series:
    """One line of a graph: of which event, of which value of the breakdown, and its numbers by bucket."""

    event: str
    label: str
    value: Value
    by_bucket: dict[date, float]
    whole: float

    def but_nothing(self) -> dict[date, float]:
        return {bucket: number for bucket, number in self.by_bucket.items() if number}


def answer(query: Json, setting: Setting, ask: Ask) -> list[Series]:
    """The lines, in the order of the series and, of each, the largest value first."""
    asked.only(query, QUERY)
    drawn = asked.only(query.get("trendsFilter") or {}, DRAWN).get("display") or "ActionsLineGraph"
    if drawn not in WHOLE | BY_TIME:
        raise HogqlRefused(f"the display {drawn}")
    range_ = Range.of(query.get("dateRange"), query.get("interval") or "day", setting)
    lines = []
    for node in query["series"]:
        asked.only(node, NODE)
        rows = ask(_select(query, node, range_, by_time=drawn in BY_TIME))
        lines += _lines(query, node, rows, range_.buckets if drawn in BY_TIME else [])
    return lines


def _select(query: Json, node: Json, range_: Range, *, by_time: bool) -> str:
    columns, groups = [f"{_math(node)} AS total"], []
    if by_time:
        columns.append(f"{STARTS[range_.interval]}(timestamp) AS day_start")
        groups.append("day_start")
    for number, one in enumerate(_breakdowns(query), start=1):
        columns.append(f"ifNull(nullIf(toString({one}), ''), '{NOTHING}') AS breakdown_value_{number}")
        groups.append(f"breakdown_value_{number}")
    conditions = [
        f"timestamp >= {spelled(range_.counted_from)}",
        f"timestamp <= {spelled(range_.last)}",
        asked.event(node),
    ]
    conditions += [asked.properties(query["properties"])] if query.get("properties") else []
    where = " AND ".join(f"({one})" for one in conditions)
    by = f" GROUP BY {', '.join(groups)}" if groups else ""
    return f"SELECT {', '.join(columns)} FROM events AS e WHERE {where}{by} LIMIT 50000"


def _math(node: Json) -> str:
    match node.get("math") or "total":
        case "total":
            return "count()"
        case "dau":
            return "count(DISTINCT e.person_id)"
        case "hogql":
            return str(node["math_hogql"])
        case "sum" | "avg" | "min" | "max" as name:
            return f"ifNull({name}(toFloat(properties.`{node['math_property']}`)), 0)"
        case other:
            raise HogqlRefused(f"the math {other}")


def _breakdowns(query: Json) -> list[str]:
    said = asked.only(
        query.get("breakdownFilter") or {}, {"breakdown", "breakdown_type", "breakdowns", "breakdown_limit"}
    )
    single = {"property": said.get("breakdown"), "type": said.get("breakdown_type")}
    return [_breakdown(one) for one in said.get("breakdowns") or ([single] if single["property"] else [])]


def _breakdown(one: Json) -> str:
    match asked.only(one, {"property", "type"}).get("type"):
        case "hogql":
            return str(one["property"])
        case "event" | None:
            return f"properties.`{one['property']}`"
        case other:
            raise HogqlRefused(f"a breakdown by {other}")


def _lines(query: Json, node: Json, rows: list[tuple[Any, ...]], buckets: list[date]) -> list[Series]:
    """The rows put together by value: the largest of them, and all others as one."""
    several = len((query.get("breakdownFilter") or {}).get("breakdowns") or [])
    broken = bool(_breakdowns(query))
    found: dict[Value, dict[date | None, float]] = {}
    for total, *rest in rows:
        day = day_of(rest.pop(0)) if buckets else None
        value: Value = (tuple(rest) if several else rest[0]) if broken else None
        found.setdefault(value, {})[day] = total or 0
    if not broken:
        found.setdefault(None, {})
    limit = (query.get("breakdownFilter") or {}).get("breakdown_limit") or DEFAULT_VALUES
    ranked = sorted(found, key=lambda value: (_is_nothing(value), -sum(found[value].values()), str(value)))
    lines = [_line(node, value, found[value], buckets) for value in ranked[:limit]]
    if ranked[limit:]:
        rest_: dict[date | None, float] = {}
        for value in ranked[limit:]:
            for day, number in found[value].items():
                rest_[day] = rest_.get(day, 0) + number
        lines.append(_line(node, (OTHER,) * several if several else OTHER, rest_, buckets))
    return lines


def _is_nothing(value: Value) -> bool:
    return NOTHING in value if isinstance(value, tuple) else value == NOTHING


def _line(node: Json, value: Value, numbers: dict[date | None, float], buckets: list[date]) -> Series:
    strange = {day for day in numbers if day is not None} - set(buckets)
    if strange:
        raise HogqlRefused(f"{sorted(strange)} are not drawn, but counted")
    return Series(
        event=node["event"],
        label=node.get("custom_name") or node.get("name") or node["event"],
        value=value,
        by_bucket={bucket: numbers.get(bucket, 0) for bucket in buckets},
        whole=sum(numbers.values()),
    )
