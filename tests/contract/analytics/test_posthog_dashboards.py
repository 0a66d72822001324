"""The dashboards in the repository are ones that PostHog takes, over events that Authsome sends."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from authsome.analytics.compile import hogql
from authsome.analytics.dashboards import DASHBOARDS
from authsome.analytics.metric import Bucket, Counted
from authsome.analytics.metrics import DELIVERY, METRICS
from authsome.analytics.reference import files
from authsome.telemetry.catalogue import events, schema
from tests.support.hogql import COLUMNS, parse, walk

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = ROOT / "tests/contract/posthog/schema"
FOLDER = ROOT / "dashboards/posthog"
ROWS = {"count", "countIf"}
FUNCTIONS = {
    *("count", "countIf", "uniqExact", "uniqExactIf", "sum", "min", "minIf", "round", "nullIf", "coalesce"),
    *("groupUniqArray", "groupUniqArrayIf", "arrayMap", "arraySum", "toInt", "ifNull", "greatest", "multiIf"),
    *("toStartOfDay", "toStartOfWeek", "toStartOfMonth", "now"),
    *("toIntervalDay", "toIntervalWeek", "toIntervalSecond"),
}
Json = dict[str, Any]


def validator(name: str, definition: str | None = None) -> Draft7Validator:
    whole = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    # One kind of node at a time: what `anyOf` says of a mistake helps nobody.
    part = (
        {"$ref": f"#/definitions/{definition}", "definitions": whole["definitions"]} if definition else whole
    )
    return Draft7Validator(part)


def dashboards() -> Iterator[tuple[str, Json]]:
    for path in sorted(FOLDER.glob("*.json")):
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))


def insights() -> Iterator[tuple[str, Json]]:
    for name, dashboard in dashboards():
        for tile in dashboard["tiles"]:
            if tile["type"] == "INSIGHT":
                yield f"{name}: {tile['name']}", tile["query"]


INSIGHTS = dict(insights())
ASKED = [metric for metric in METRICS if not metric.here_only]
NAMES = pytest.mark.parametrize("name", INSIGHTS)


def queries(insight: Json) -> list[str]:
    """Every HogQL text in an insight, as a whole query."""
    source = insight["source"]
    if source["kind"] == "HogQLQuery":
        return [source["query"]]
    filters = [f"SELECT 1 FROM events WHERE {one['key']}" for one in source["properties"]]
    series = source.get("series", [])
    counted = [s for s in series if "math_hogql" in s]
    per = source.get("funnelsFilter", {}).get("funnelAggregateByHogQL")
    steps = [f"SELECT {per} FROM events WHERE event = '{s['event']}'" for s in series if per]
    breakdowns = source.get("breakdownFilter", {}).get("breakdowns", [])
    apart = [
        f"SELECT {one['property']} FROM events WHERE event = '{s['event']}'"
        for one in breakdowns
        for s in series
    ]
    counts = [f"SELECT {s['math_hogql']} FROM events WHERE event = '{s['event']}'" for s in counted]
    return [*filters, *counts, *steps, *apart]


def errors(insight: Json) -> list[str]:
    return [error.message for error in validator("query", insight["kind"]).iter_errors(insight)]


def test_the_files_are_the_ones_that_the_definitions_make() -> None:
    for path, text in files().items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, f"{path} is old: run `make docs`"
    assert {name for name, _ in dashboards()} == {plan.name for plan in DASHBOARDS}


def test_a_dashboard_has_the_form_of_posthogs_templates() -> None:
    for name, dashboard in dashboards():
        assert [error.message for error in validator("template").iter_errors(dashboard)] == [], name


def test_tiles_do_not_lie_on_each_other() -> None:
    for _, dashboard in dashboards():
        for size in ("sm", "xs"):
            taken: set[tuple[int, int]] = set()
            for tile in dashboard["tiles"]:
                at = tile["layouts"][size]
                cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
                assert not taken & cells
                taken |= cells


@NAMES
def test_an_insight_follows_posthogs_schema(name: str) -> None:
    assert errors(INSIGHTS[name]) == []


MISTAKES: dict[str, Callable[[Json], object]] = {
    "an unknown key": lambda node: node["source"].update(filters_v2={}),
    "a missing source": lambda node: node.pop("source"),
    "a way to draw it that there is not": lambda node: _drawn(node),
    "an interval there is not": lambda node: node["source"].update(interval="fortnight"),
    "a series without a kind": lambda node: node["source"].update(series=[{"event": "x"}]),
}


def _drawn(node: Json) -> None:
    """The part that says how it is drawn, with a word of no meaning in it."""
    source = node["source"]
    parts = {"trendsFilter": "display", "funnelsFilter": "layout", "retentionFilter": "period"}
    for part, key in parts.items():
        if part in source:
            source[part][key] = "Nonsense"
            return
    node["display"] = "Nonsense"


@NAMES
@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_schema_would_find_a_mistake(name: str, mistake: str) -> None:
    broken = copy.deepcopy(INSIGHTS[name])
    MISTAKES[mistake](broken)
    assert errors(broken) != []


@NAMES
def test_every_query_parses_with_posthogs_own_parser(name: str) -> None:
    for query in queries(INSIGHTS[name]):
        parse(query)


@pytest.mark.parametrize("metric", ASKED, ids=lambda metric: metric.name)
def test_every_metric_can_be_asked_in_hogql(metric: Any) -> None:
    dimensions = metric.by if isinstance(metric, Counted) else ()
    for dimension in dimensions:
        parse(hogql.taken_apart((metric,), dimension))
    for bucket in Bucket:
        parse(hogql.question(metric, hogql.Frame(90, bucket)))


def test_what_only_this_installation_knows_is_not_asked_of_posthog() -> None:
    with pytest.raises(TypeError, match="own books"):
        hogql.question(DELIVERY, hogql.Frame(90))


def test_the_parser_would_find_a_mistake() -> None:
    with pytest.raises(SyntaxError):
        parse("SELECT count( FROM events")


@NAMES
def test_queries_use_known_columns_functions_events_and_properties(name: str) -> None:
    catalogue = events()
    for query in queries(INSIGHTS[name]):
        nodes = walk(parse(query))
        named = {
            node["value"]
            for node in nodes
            if node["node"] == "Constant" and isinstance(node.get("value"), str)
        }
        asked = named & set(catalogue)
        assert asked
        values = {value for event in asked for value in closed_values(schema(catalogue[event]))}
        assert named - {""} <= set(catalogue) | values
        assert {node["name"] for node in nodes if node["node"] in ("Call", "WindowFunction")} <= FUNCTIONS
        aliases = {node["alias"] for node in nodes if node["node"] == "Alias"}
        aliases |= {node["alias"] for node in nodes if node["node"] == "JoinExpr" and node.get("alias")}
        aliases |= {arg for node in nodes if node["node"] == "Lambda" for arg in node["args"]}
        sent = {field for event in asked for field in schema(catalogue[event])["properties"]}
        for chain in (node["chain"] for node in nodes if node["node"] == "Field"):
            if chain[0] == "properties":
                assert chain[1] in sent
            else:
                assert chain[0] in COLUMNS | aliases | {"events", "filters"}


def closed_values(schema: Json) -> set[str]:
    """The values that its fields with a closed list may have."""
    fields = schema["properties"].values()
    return {value for field in fields for value in field.get("enum", []) if isinstance(value, str)}


@NAMES
def test_filters_of_nodes_name_fields_and_values_of_the_catalogue(name: str) -> None:
    for series in INSIGHTS[name]["source"].get("series", []):
        fields = schema(events()[series["event"]])["properties"]
        for one in series.get("properties", []):
            assert set(one["value"]) <= set(fields[one["key"]]["enum"])


# What a retry leaves twice is counted once: as distinct values, as distinct facts, or each fact's count once.
ONCE = re.compile(
    r"count\(DISTINCT (properties\.\w+|uuid)\)"
    r"|arraySum\(arrayMap\(one -> one\.2, "
    r"groupUniqArray\(\(uuid, ifNull\(toInt\(properties\.count\), 0\)\)\)\)\)"
)


@NAMES
def test_distinct_ids_are_counted_and_never_rows(name: str) -> None:
    insight = INSIGHTS[name]
    if insight["source"]["kind"] == "TrendsQuery":
        for series in insight["source"]["series"]:
            assert series["math"] == "hogql"
            assert ONCE.fullmatch(series["math_hogql"])
    for query in queries(insight):
        for select in (node for node in walk(parse(query)) if node["node"] == "SelectQuery"):
            counts = [n for n in walk(select["select"]) if n["node"] == "Call" and n["name"] in ROWS]
            # `count()` may count what a query below has already made distinct.
            from_events = select["select_from"]["table"].get("chain") == ["events"]
            assert not from_events or all(node["distinct"] or first_times(select) for node in counts)


def first_times(select: Json) -> bool:
    """Whether rows are counted only to know if there is any, beside the time of the first."""
    columns = [n for n in select["select"] if n["node"] == "Alias"]
    return {column["alias"][:3] for column in columns} <= {"who", "at_", "n_0", "n_1", "n_2", "n_3"}


def test_the_four_tiles_of_issue_428_are_there() -> None:
    titles = [tile["name"] for tile in dict(dashboards())["adoption"]["tiles"] if tile["type"] == "INSIGHT"]
    assert titles[:4] == [
        "Registered principals",
        "Identities registered and claimed",
        "Auth session success rate",
        "Top providers connected",
    ]
