"""What PostHog's insights count, on small histories whose answer can be told by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from authsome.telemetry.sink import Outgoing
from tests.support.clickhouse.engine import Engine, clickhouse
from tests.support.clickhouse.project import Project
from tests.support.clickhouse.refused import HogqlRefused
from tests.support.clickhouse.scope import Setting
from tests.support.clickhouse.trends import NOTHING, OTHER

__all__ = ["clickhouse"]
pytestmark = pytest.mark.deep

NOON = datetime(2026, 4, 15, 12, tzinfo=UTC)  # a Wednesday
DAY = timedelta(days=1)
Json = dict[str, Any]


def happened(name: str, at: datetime, who: str, **fields: Any) -> Outgoing:
    return Outgoing(
        position=1,
        event_id="evt_1",
        uuid=str(uuid5(NAMESPACE_URL, f"{name} {at} {who} {fields}")),
        name=name,
        occurred_at=at,
        distinct_id=who,
        personless=False,
        fields=fields,
    )


def project(engine: Engine, facts: Sequence[Outgoing], *, monday: bool = False) -> Project:
    """Everything was sent twice, and nothing is merged."""
    return Project.filled(engine, [facts, facts], Setting("UTC", NOON, weeks_from_monday=monday))


def node(event: str, **more: Any) -> Json:
    return {"kind": "EventsNode", "event": event, **more}


def insight(kind: str, **source: Any) -> Json:
    return {"kind": "InsightVizNode", "source": {"kind": kind, **source}}


def trend(*series: Json, **more: Any) -> Json:
    return insight("TrendsQuery", series=list(series), dateRange={"date_from": "-20d"}, **more)


RUN = node("run_started", math="hogql", math_hogql="count(DISTINCT uuid)")


def test_a_graph_by_day_begins_with_the_whole_of_its_first_day(clickhouse: Engine) -> None:
    first = datetime(2026, 3, 26, tzinfo=UTC)
    facts = [happened("run_started", at, "prn_a") for at in (first, first - timedelta(microseconds=1), NOON)]
    (line,) = project(clickhouse, facts).trends(trend(RUN))
    assert line.but_nothing() == {date(2026, 3, 26): 1, date(2026, 4, 15): 1}
    assert len(line.by_bucket) == 21


@pytest.mark.parametrize(("monday", "weeks"), [(False, [22, 29]), (True, [23, 30])])
def test_a_graph_by_week_begins_in_the_middle_of_one(
    clickhouse: Engine, monday: bool, weeks: list[int]
) -> None:
    facts = [happened("run_started", datetime(2026, 3, n, 12, tzinfo=UTC), "prn_a") for n in (25, 26, 30, 31)]
    (line,) = project(clickhouse, facts, monday=monday).trends(trend(RUN, interval="week"))
    # The 25th is in the first week that is drawn, and not in the time that is asked about.
    assert line.but_nothing() == {date(2026, 3, weeks[0]): 1, date(2026, 3, weeks[1]): 2}


def test_a_graph_by_month_begins_with_the_whole_of_its_first_month(clickhouse: Engine) -> None:
    days = [(3, 1), (3, 31), (4, 1)]
    facts = [happened("run_started", datetime(2026, m, d, tzinfo=UTC), "prn_a") for m, d in days]
    (line,) = project(clickhouse, facts).trends(trend(RUN, interval="month"))
    assert line.by_bucket == {date(2026, 3, 1): 2, date(2026, 4, 1): 1}


def test_total_counts_rows_and_dau_counts_persons(clickhouse: Engine) -> None:
    facts = [happened("run_started", NOON - n * timedelta(hours=1), who) for n, who in enumerate("aab")]
    total, dau = project(clickhouse, facts).trends(
        trend(node("run_started", math="total"), node("run_started", math="dau"))
    )
    assert (total.whole, dau.whole) == (6, 2)


def test_of_a_breakdown_the_largest_are_apart_and_nothing_is_last(clickhouse: Engine) -> None:
    counts = {"a": 3, "b": 2, "c": 1, "d": 1, None: 5}
    facts = [
        happened("run_started", NOON - n * timedelta(minutes=1), "prn_a", **({"kind": kind} if kind else {}))
        for kind, count in counts.items()
        for n in range(count)
    ]
    by = {"breakdowns": [{"property": "kind", "type": "event"}]}
    asked = trend(RUN, breakdownFilter=by | {"breakdown_limit": 2})
    lines = project(clickhouse, facts).trends(asked)
    assert [(line.value, line.whole) for line in lines] == [(("a",), 3), (("b",), 2), ((OTHER,), 7)]
    all_lines = project(clickhouse, facts).trends(trend(RUN, breakdownFilter=by))
    assert [line.value for line in all_lines] == [("a",), ("b",), ("c",), ("d",), (NOTHING,)]


def test_filters_of_the_insight_and_of_a_series_both_hold(clickhouse: Engine) -> None:
    facts = [
        happened("run_started", NOON - DAY, "prn_a", kind="x", size=1),
        happened("run_started", NOON - DAY, "prn_a", kind="x", size=2),
        happened("run_started", NOON - DAY, "prn_a", kind="y", size=1),
    ]
    only = {"type": "event", "key": "kind", "operator": "exact", "value": ["x"]}
    small = {"type": "hogql", "key": "toInt(properties.size) < 2"}
    (line,) = project(clickhouse, facts).trends(trend(RUN | {"properties": [only]}, properties=[small]))
    assert line.whole == 1


def funnel(*events: str, **how: Any) -> Json:
    filter_ = {"funnelAggregateByHogQL": "properties.agent", "funnelWindowInterval": 3, **how}
    return insight(
        "FunnelsQuery",
        series=[node(event) for event in events],
        dateRange={"date_from": "-20d"},
        funnelsFilter=filter_,
    )


def taken(held: Project, *events: str) -> list[int]:
    return [step.count for step in held.funnel(funnel(*events))]


def steps(who: str, *told: tuple[str, float]) -> list[Outgoing]:
    """Events of somebody, so many days after the start of April."""
    start = datetime(2026, 4, 1, tzinfo=UTC)
    return [
        happened(name, start + day * DAY, f"prn_{who}{number}", agent=who)
        for number, (name, day) in enumerate(told)
    ]


def test_a_funnel_takes_steps_in_order_and_in_time_whoever_the_person_is(clickhouse: Engine) -> None:
    facts = [
        *steps("all", ("first", 0), ("second", 1), ("third", 3)),
        *steps("late", ("first", 0), ("second", 1), ("third", 3.1)),
        *steps("backwards", ("second", 0), ("first", 1), ("third", 2)),
        *steps("again", ("first", 0), ("first", 2), ("second", 4), ("third", 5)),
        *steps("at_once", ("third", 2), ("second", 2), ("first", 2)),
        *steps("skips", ("first", 1), ("third", 2)),
    ]
    assert taken(project(clickhouse, facts), "first", "second", "third") == [6, 4, 3]


def test_a_funnel_says_how_long_each_step_took(clickhouse: Engine) -> None:
    facts = [*steps("a", ("first", 0), ("second", 1)), *steps("b", ("first", 0), ("second", 2))]
    _, second = project(clickhouse, facts).funnel(funnel("first", "second"))
    assert (second.average, second.median) == (1.5 * 86_400, 1.5 * 86_400)


def test_who_has_no_name_takes_no_part_in_a_funnel(clickhouse: Engine) -> None:
    facts = [happened("first", NOON - DAY, "prn_a"), *steps("b", ("first", 0))]
    assert taken(project(clickhouse, facts), "first", "second") == [1, 0]


def retention(**how: Any) -> Json:
    entities = {
        "targetEntity": {"id": "principal_registered", "type": "events"},
        "returningEntity": {"id": "run_started", "type": "events"},
    }
    filter_ = {"retentionType": "retention_first_time", "period": "Week", "totalIntervals": 3, **entities}
    return insight("RetentionQuery", retentionFilter=filter_ | how, dateRange={"date_from": "-2w"})


def test_a_cohort_is_of_those_who_came_first_ever_and_counts_those_who_came_back(clickhouse: Engine) -> None:
    week = [datetime(2026, 3, 29, tzinfo=UTC) + n * 7 * DAY for n in range(-1, 3)]  # Sundays
    facts = [
        happened("principal_registered", week[1], "prn_a"),
        happened("principal_registered", week[2], "prn_a"),  # not the first
        happened("run_started", week[2] - timedelta(microseconds=1), "prn_a"),  # in the week of the start
        happened("run_started", week[3], "prn_a"),
        happened("principal_registered", week[1] + DAY, "prn_b"),
        happened("run_started", week[2], "prn_b"),
        happened("principal_registered", week[0], "prn_old"),
        happened("principal_registered", week[1], "prn_old"),
        happened("run_started", week[2], "prn_nobody"),
    ]
    cohorts = project(clickhouse, facts).retention(retention())
    assert [(cohort.began, cohort.counts) for cohort in cohorts] == [
        (date(2026, 3, 29), (2, 1, 1)),
        (date(2026, 4, 5), (0, 0, 0)),
        (date(2026, 4, 12), (0, 0, 0)),
    ]


def test_weeks_of_a_cohort_are_those_of_the_project(clickhouse: Engine) -> None:
    facts = [happened("principal_registered", datetime(2026, 4, 5, 12, tzinfo=UTC), "prn_a")]  # a Sunday
    sundays = project(clickhouse, facts).retention(retention())
    assert [cohort.began for cohort in sundays if cohort.counts[0]] == [date(2026, 4, 5)]
    mondays = project(clickhouse, facts, monday=True).retention(retention())
    assert [cohort.began for cohort in mondays if cohort.counts[0]] == [date(2026, 3, 30)]


@pytest.mark.parametrize(
    "asked",
    [
        trend(RUN | {"math": "weekly_active"}),
        trend(RUN, trendsFilter={"display": "ActionsLineGraphCumulative"}),
        trend(RUN, compareFilter={"compare": True}),
        funnel("first", "second", funnelOrderType="strict"),
        retention(retentionType="retention_recurring"),
        retention(minimumOccurrences=2),
    ],
)
def test_what_nobody_has_looked_up_is_refused(clickhouse: Engine, asked: Json) -> None:
    held = project(clickhouse, [])
    ask = {"TrendsQuery": held.trends, "FunnelsQuery": held.funnel, "RetentionQuery": held.retention}
    with pytest.raises(HogqlRefused):
        ask[asked["source"]["kind"]](asked)
