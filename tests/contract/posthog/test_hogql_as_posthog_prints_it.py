"""HogQL is printed for ClickHouse as PostHog's own tests say it is, and what PostHog has not is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.clickhouse.dates import filters
from tests.support.clickhouse.refused import HogqlRefused
from tests.support.clickhouse.scope import Setting
from tests.support.clickhouse.select import to_clickhouse
from tests.support.hogql import parse

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
NOW = "toDateTime64('2026-03-29 14:00:00.000000', 6, 'Europe/Berlin')"
ID = "`events`.`distinct_id`"
AT = "toTimeZone(`events`.`timestamp`, 'Europe/Berlin')"
FOO = (
    "replaceRegexpAll(nullIf(nullIf(JSONExtractRaw(`events`.properties, 'foo'), ''), 'null'), '^\"|\"$', '')"
)


def printed(query: str, **setting: Any) -> str:
    return to_clickhouse(parse(query), Setting(setting.pop("zone", "Europe/Berlin"), NOON, **setting))


def column(expression: str, **setting: Any) -> str:
    whole = printed(f"SELECT {expression} AS x FROM events", **setting)
    return whole.removeprefix("SELECT ").split(" AS `x` FROM")[0]


def test_a_query_is_kept_to_its_project_limited_and_given_posthogs_settings() -> None:
    assert printed("SELECT event FROM events") == (
        "SELECT `events`.`event` AS `event` FROM events AS `events` WHERE equals(`events`.team_id, 1) "
        "LIMIT 100 SETTINGS transform_null_in=1, optimize_min_equality_disjunction_chain_length=4294967295, "
        "readonly=2, max_execution_time=60"
    )


@pytest.mark.parametrize(("asked", "given"), [("LIMIT 7", 7), ("LIMIT 60000", 50_000), ("", 100)])
def test_the_api_gives_a_hundred_rows_unless_asked_and_never_more_than_fifty_thousand(
    asked: str, given: int
) -> None:
    assert f" LIMIT {given} SETTINGS" in printed(f"SELECT event FROM events {asked}")


@pytest.mark.parametrize(
    ("expression", "sql"),
    [
        ("properties.foo", FOO),
        ("properties['foo']", FOO),
        ("properties.foo = 'v'", f"ifNull(equals({FOO}, 'v'), 0)"),
        ("properties.foo != 'v'", f"ifNull(notEquals({FOO}, 'v'), 1)"),
        ("properties.foo IS NULL", f"isNull({FOO})"),
        ("properties.foo != NULL", f"isNotNull({FOO})"),
        ("properties.foo > 'v'", f"ifNull(greater({FOO}, 'v'), 0)"),
        ("event = 'v'", "equals(`events`.`event`, 'v')"),
        ("distinct_id = properties.foo", f"ifNull(equals({ID}, {FOO}), isNull({ID}) and isNull({FOO}))"),
        ("properties.foo NOT IN ('a', 'b')", f"notIn({FOO}, tuple('a', 'b'))"),
        ("timestamp", AT),
        ("toDate(timestamp)", f"toDate({AT})"),
        ("toDate(properties.foo)", f"toDateOrNull({FOO})"),
        ("toStartOfWeek(timestamp)", f"toStartOfWeek({AT}, 0)"),
        ("toStartOfWeek(timestamp, 1)", f"toStartOfWeek({AT}, 1)"),
        ("now() - INTERVAL 2 DAY", f"minus({NOW}, toIntervalDay(2))"),
        ("toDateTime('2026-03-29')", "toDateTime('2026-03-29', 'Europe/Berlin')"),
        ("toInt(properties.foo)", f"accurateCastOrNull({FOO}, 'Int64')"),
        ("count(DISTINCT distinct_id)", "count(DISTINCT `events`.`distinct_id`)"),
        ("quantile(0.5)(toFloat(properties.foo))", f"quantile(0.5)(accurateCastOrNull({FOO}, 'Float64'))"),
        ("person.id", "`events`.person_id"),
        (r"'it\'s'", r"'it\'s'"),
    ],
)  # fmt: skip
def test_an_expression_is_printed_as_posthog_prints_it(expression: str, sql: str) -> None:
    assert column(expression) == sql


def test_a_week_begins_on_sunday_unless_the_project_says_monday() -> None:
    assert column("toStartOfWeek(timestamp)", weeks_from_monday=True) == f"toStartOfWeek({AT}, 3)"


@pytest.mark.parametrize(
    ("kind", "sql"),
    [
        ("Numeric", f"accurateCastOrNull({FOO}, 'Float64')"),
        ("Boolean", f"toBool(transform(toString({FOO}), ['true', 'false'], [1, 0], NULL))"),
        ("DateTime", f"parseDateTime64BestEffortOrNull({FOO}, 6, 'Europe/Berlin')"),
    ],
)
def test_a_property_is_cast_to_what_its_definition_says(kind: str, sql: str) -> None:
    assert column("properties.foo", types={"foo": kind}) == sql


def test_a_name_that_a_query_gives_goes_before_a_column_from_there_on() -> None:
    query = "SELECT toStartOfDay(timestamp) AS timestamp FROM events WHERE timestamp > 1 GROUP BY timestamp"
    sql = printed(query)
    assert f"SELECT toStartOfDay({AT}) AS `timestamp`" in sql
    assert "ifNull(greater(`timestamp`, 1), 0)" in sql
    assert "GROUP BY `timestamp` LIMIT 100" in sql


def test_each_table_of_a_join_is_kept_to_the_project() -> None:
    sql = printed("SELECT a.event FROM events AS a LEFT JOIN events AS b ON a.uuid = b.uuid")
    assert "ON and(equals(`b`.team_id, 1), equals(`a`.`uuid`, `b`.`uuid`))" in sql
    assert "WHERE equals(`a`.team_id, 1)" in sql


def test_the_dates_of_sql_begin_at_this_hour_so_many_days_ago() -> None:
    setting = Setting("Europe/Berlin", NOON)
    asked = {"-89d": "2025-12-30 14:00:00.000000", "-89dStart": "2025-12-30 00:00:00.000000"}
    for said, begin in asked.items():
        tree = filters({"date_from": said}, setting)
        sql = printed("SELECT event FROM events WHERE {filters}", filters=tree)
        assert f"greaterOrEquals({AT}, toDateTime64('{begin}', 6, 'Europe/Berlin'))" in sql
    assert filters({"date_from": "all"}, setting) is None


@pytest.mark.parametrize(
    "query",
    [
        "SELECT notafunc(1) FROM events",
        "SELECT round(1, 2, 3) FROM events",
        "SELECT event FROM nosuchtable",
        "SELECT nosuchcolumn FROM events",
        "SELECT events.nosuchcolumn FROM events",
        "SELECT nope FROM (SELECT event FROM events)",
        "SELECT event FROM events WHERE {filters.dateRange}",
        "SELECT 1 FROM (SELECT event FROM events) WHERE {filters}",
        "SELECT * FROM events",
    ],
)
def test_what_posthog_has_not_is_refused(query: str) -> None:
    with pytest.raises(HogqlRefused):
        printed(query)
