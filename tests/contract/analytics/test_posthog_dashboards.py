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
from authsome.analytics.metrics import METRICS
from authsome.analytics.reference import files
from authsome.telemetry.catalogue import events, schema
from tests.support.hogql import COLUMNS, parse, walk

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = ROOT / "tests/contract/posthog/schema"
FOLDER = ROOT / "dashboards/posthog"
FUNCTIONS = {
    *("count", "uniqExactIf", "sum", "min", "round", "nullIf", "coalesce"),
    *("toStartOfDay", "now", "toIntervalDay"),
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
NAMES = pytest.mark.parametrize("name", INSIGHTS)


def queries(insight: Json) -> list[str]:
    """Every HogQL text in an insight, as a whole query."""
    source = insight["source"]
    if source["kind"] == "HogQLQuery":
        return [source["query"]]
    return [f"SELECT {s['math_hogql']} FROM events WHERE event = '{s['event']}'" for s in source["series"]]


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
    "a display there is not": lambda node: _trends_filter(node).update(display="LineChart"),
    "an interval there is not": lambda node: node["source"].update(interval="fortnight"),
    "a series without a kind": lambda node: node["source"].update(series=[{"event": "x"}]),
}


def _trends_filter(node: Json) -> Json:
    return node if node["kind"] == "DataVisualizationNode" else node["source"]["trendsFilter"]


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


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_metric_can_be_asked_in_hogql(metric: Any) -> None:
    asked = [hogql.taken_apart(metric, dimension) for dimension in metric.by]
    if metric.kind != "ranking":
        asked.append(hogql.over_time(metric, 90))
    assert asked
    for query in asked:
        parse(query)


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
        assert named - {""} <= set(catalogue)
        assert {node["name"] for node in nodes if node["node"] in ("Call", "WindowFunction")} <= FUNCTIONS
        aliases = {node["alias"] for node in nodes if node["node"] == "Alias"}
        sent = {field for event in asked for field in schema(catalogue[event])["properties"]}
        for chain in (node["chain"] for node in nodes if node["node"] == "Field"):
            if chain[0] == "properties":
                assert chain[1] in sent
            else:
                assert chain[0] in COLUMNS | aliases | {"events", "filters"}


@NAMES
def test_distinct_ids_are_counted_and_never_rows(name: str) -> None:
    insight = INSIGHTS[name]
    for series in insight["source"].get("series", []):
        assert series["math"] == "hogql"
        assert re.fullmatch(r"count\(DISTINCT properties\.\w+\)", series["math_hogql"])
    for query in queries(insight):
        for select in (node for node in walk(parse(query)) if node["node"] == "SelectQuery"):
            counts = [n for n in walk(select["select"]) if n["node"] == "Call" and n["name"] == "count"]
            # `count()` may count what a query below has already made distinct.
            from_events = select["select_from"]["table"].get("chain") == ["events"]
            assert not from_events or all(node["distinct"] for node in counts)


def test_the_four_tiles_of_issue_428_are_there() -> None:
    titles = [tile["name"] for tile in dict(dashboards())["adoption"]["tiles"] if tile["type"] == "INSIGHT"]
    assert titles == [
        "Registered principals",
        "Identities registered and claimed",
        "Auth session success rate",
        "Top providers connected",
    ]
