"""What a stored event means in HogQL, measured on ClickHouse: missing, true, twice, at midnight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from authsome.telemetry.sink import Outgoing
from tests.support.clickhouse.engine import Engine, clickhouse
from tests.support.clickhouse.project import Project
from tests.support.clickhouse.scope import Setting

__all__ = ["clickhouse"]
pytestmark = pytest.mark.deep

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


def fact(name: str = "run_started", at: datetime = NOON, who: str = "prn_a", **fields: Any) -> Outgoing:
    return Outgoing(
        position=1,
        event_id="evt_1",
        uuid=str(uuid5(NAMESPACE_URL, fields.pop("uuid", name))),
        name=name,
        occurred_at=at,
        distinct_id=who,
        personless=False,
        fields=fields,
    )


def project(engine: Engine, *requests: Sequence[Outgoing], zone: str = "UTC", **how: Any) -> Project:
    weeks = how.pop("weeks_from_monday", False)
    return Project.filled(engine, requests, Setting(zone, NOON, weeks_from_monday=weeks), **how)


def rows(held: Project, query: str) -> list[tuple[Any, ...]]:
    return held.run(query).rows


def test_what_is_missing_is_null_and_equals_nothing(clickhouse: Engine) -> None:
    held = project(clickhouse, [fact(uuid="a", kind="x"), fact(uuid="b"), fact(uuid="c", kind="")])
    query = (
        "SELECT countIf(properties.kind = 'x'), countIf(properties.kind != 'x'), "
        "countIf(properties.kind = ''), countIf(properties.kind IS NULL), "
        "count(DISTINCT properties.kind) FROM events"
    )
    # An empty text is kept in JSON as "", which is not what an absent one is read as.
    assert rows(held, query) == [(1, 2, 1, 1, 2)]


@pytest.mark.parametrize("defined", [False, True])
def test_true_is_a_text_until_the_property_has_a_definition(clickhouse: Engine, defined: bool) -> None:
    held = project(clickhouse, [fact(first=True)], defined=defined)
    assert rows(held, "SELECT properties.first FROM events") == [(True if defined else "true",)]


@pytest.mark.parametrize("defined", [False, True])
def test_a_number_can_be_added_up_with_or_without_a_definition(clickhouse: Engine, defined: bool) -> None:
    held = project(clickhouse, [fact(uuid="a", count=2), fact(uuid="b", count=40)], defined=defined)
    assert rows(held, "SELECT sum(toInt(properties.count)) FROM events") == [(42,)]


def test_null_is_in_a_list_that_holds_null(clickhouse: Engine) -> None:
    held = project(clickhouse, [fact(uuid="a", kind="x"), fact("run_completed", uuid="b")])
    listed = "SELECT properties.kind FROM events WHERE event = 'run_completed'"
    count = "SELECT countIf(properties.kind {} (" + listed + ")) FROM events"
    assert rows(held, count.format("IN")) == rows(held, count.format("NOT IN")) == [(1,)]


def test_rows_of_one_uuid_merge_only_with_the_same_day_event_and_person(clickhouse: Engine) -> None:
    again = [
        fact(uuid="a"),
        fact(uuid="a", at=NOON + timedelta(milliseconds=500)),
        fact(uuid="a", at=NOON - timedelta(days=1)),
        fact(uuid="a", who="prn_b"),
        fact("run_completed", uuid="a"),
    ]
    requests = [[one] for one in [again[0], *again]]
    query = "SELECT count(), uniqExact(uuid) FROM events"
    assert rows(project(clickhouse, *requests), query) == [(6, 1)]
    merged = project(clickhouse, *requests, merged=True)
    assert rows(merged, query) == [(4, 1)]
    latest = "SELECT max(timestamp) FROM events WHERE event = 'run_started' AND distinct_id = 'prn_a'"
    assert rows(merged, latest) == [(NOON + timedelta(milliseconds=500),)]


def test_another_projects_events_are_not_counted(clickhouse: Engine) -> None:
    held = project(clickhouse, [fact()])
    assert clickhouse.ask("SELECT count() FROM events").rows == [(2,)]
    assert rows(held, "SELECT count() FROM events") == [(1,)]


@pytest.mark.parametrize(
    ("zone", "day", "sunday", "monday"),
    [
        ("UTC", date(2026, 3, 28), date(2026, 3, 22), date(2026, 3, 23)),
        ("Europe/Berlin", date(2026, 3, 29), date(2026, 3, 29), date(2026, 3, 23)),
    ],
)
def test_days_and_weeks_are_those_of_the_project(
    clickhouse: Engine, zone: str, day: date, sunday: date, monday: date
) -> None:
    late = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # a Saturday in UTC, a Sunday in Berlin
    query = (
        "SELECT toStartOfDay(timestamp), toStartOfWeek(timestamp), toStartOfWeek(timestamp, 1) FROM events"
    )
    ((began, week, fixed),) = rows(project(clickhouse, [fact(at=late)], zone=zone), query)
    assert (began.date(), week, fixed) == (day, sunday, monday)
    moved = project(clickhouse, [fact(at=late)], zone=zone, weeks_from_monday=True)
    assert rows(moved, query)[0][1:] == (monday, monday)


def test_a_person_is_a_person_with_or_without_a_profile(clickhouse: Engine) -> None:
    held = project(clickhouse, [fact(uuid="a"), fact(uuid="b", who="prn_b"), fact(uuid="c")])
    assert rows(held, "SELECT uniqExact(person_id) FROM events") == [(2,)]
