"""Every tile asks of PostHog what its HogQL has, and of our events what they send.

The texts are those that PostHog makes of a tile, whichever kind of insight it is; so the conditions of
series, breakdowns and filters are looked at like any query.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from authsome.telemetry.catalogue import events, schema
from tests.support.clickhouse import funnels, retention, trends
from tests.support.clickhouse.dates import filters
from tests.support.clickhouse.refused import HogqlRefused
from tests.support.clickhouse.scope import Setting
from tests.support.clickhouse.select import to_clickhouse
from tests.support.hogql import parse, walk

FOLDER = Path(__file__).resolve().parents[3] / "dashboards/posthog"
SETTING = Setting("Europe/Berlin", datetime(2026, 3, 29, 12, tzinfo=UTC))
RUNNERS = {
    "TrendsQuery": trends.answer,
    "FunnelsQuery": funnels.answer,
    "RetentionQuery": retention.answer,
}
Json = dict[str, Any]


def sources() -> Iterator[tuple[str, Json]]:
    for path in sorted(FOLDER.glob("*.json")):
        for tile in json.loads(path.read_text(encoding="utf-8"))["tiles"]:
            if tile["type"] == "INSIGHT":
                yield f"{path.stem}: {tile['name']}", tile["query"]["source"]


SOURCES = dict(sources())
NAMES = pytest.mark.parametrize("name", SOURCES)


def texts(source: Json) -> list[str]:
    """What PostHog asks ClickHouse for the tile, in HogQL."""
    if source["kind"] == "HogQLQuery":
        return [source["query"]]
    asked: list[str] = []

    def ask(text: str) -> list[tuple[Any, ...]]:
        asked.append(text)
        return []

    RUNNERS[source["kind"]](source, SETTING, ask)
    return asked


def printed(source: Json, text: str) -> str:
    dates = (source.get("filters") or {}).get("dateRange")
    tree = filters(dates, SETTING)
    return to_clickhouse(parse(text), Setting(SETTING.zone, SETTING.now, filters=tree))


@NAMES
def test_a_tile_uses_only_functions_and_columns_that_hogql_has(name: str) -> None:
    for text in texts(SOURCES[name]):
        assert "FROM events AS" in printed(SOURCES[name], text)


@NAMES
def test_every_event_is_one_that_the_catalogue_has(name: str) -> None:
    for text in texts(SOURCES[name]):
        named = set(compared(text, ["event"]))
        assert named
        assert named <= set(events())


@NAMES
def test_every_property_is_one_that_an_event_of_the_tile_sends(name: str) -> None:
    for text in texts(SOURCES[name]):
        sent = {
            field for event in compared(text, ["event"]) for field in schema(events()[event])["properties"]
        }
        chains = [node["chain"] for node in walk(parse(text)) if node["node"] == "Field"]
        assert {chain[-1] for chain in chains if "properties" in chain} <= sent


@NAMES
def test_a_value_that_a_property_is_compared_with_is_one_that_it_can_have(name: str) -> None:
    for text in texts(SOURCES[name]):
        for event in compared(text, ["event"]):
            for field, form in schema(events()[event])["properties"].items():
                known = form.get("enum")
                assert not known or set(compared(text, ["properties", field])) - {""} <= values_of(field)


def values_of(field: str) -> set[str]:
    """All that the field can say, in any event."""
    forms = [schema(event)["properties"].get(field, {}) for event in events().values()]
    return {value for form in forms for value in form.get("enum", ())}


def compared(text: str, chain: list[str]) -> list[str]:
    """The texts with which the field is compared, anywhere in the query."""
    nodes = [node for node in walk(parse(text)) if node["node"] == "CompareOperation"]
    sides = [node["right"] for node in nodes if node["left"].get("chain", [])[-len(chain) :] == chain]
    return [
        constant["value"]
        for side in sides
        for constant in walk(side)
        if constant["node"] == "Constant" and isinstance(constant.get("value"), str)
    ]


@pytest.mark.parametrize(
    ("text", "chain", "expected"),
    [
        ("SELECT 1 FROM events WHERE event = 'a' OR event IN ('b', 'c')", ["event"], ["a", "b", "c"]),
        ("SELECT countIf(properties.x = 'y') FROM events AS e", ["properties", "x"], ["y"]),
        ("SELECT 1 FROM events AS e WHERE e.event = 'a'", ["event"], ["a"]),
    ],
)
def test_comparisons_are_found(text: str, chain: list[str], expected: list[str]) -> None:
    assert compared(text, chain) == expected


def test_a_function_that_there_is_not_would_be_found() -> None:
    series = {"kind": "EventsNode", "event": "run_started", "math": "hogql", "math_hogql": "nosuch(uuid)"}
    source = {"kind": "TrendsQuery", "series": [series]}
    with pytest.raises(HogqlRefused):
        printed(source, texts(source)[0])
