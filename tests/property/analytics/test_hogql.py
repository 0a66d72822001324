"""On any history, the queries of issue 428's four tiles say what plain Python says.

Here they run on SQLite, by a translation of the few words that they use, so that every run of the tests holds
them. All tiles, on ClickHouse itself: `test_on_clickhouse.py`, by `make deep`.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authsome.analytics.compile.posthog import DAYS, template
from authsome.analytics.dashboards import ADOPTION
from authsome.store.event_log import LoggedEvent
from tests.property.analytics.histories import MIDDLE, ZONES, facts, histories
from tests.property.analytics.oracle import Oracle, days_between
from tests.support.examples import examples
from tests.support.hogql import Project


@settings(deadline=None, max_examples=examples(60))
@given(
    history=histories(),
    zone=st.sampled_from(ZONES),
    twice=st.sets(st.integers(0, 39)),
)
def test_the_queries_for_posthog_answer_as_the_oracle_does(
    history: list[LoggedEvent], zone: str, twice: set[int]
) -> None:
    oracle = Oracle(facts(history), ZoneInfo(zone))
    last = MIDDLE.date() + timedelta(days=14)
    since, days = last - timedelta(days=DAYS - 1), days_between(MIDDLE.date() - timedelta(days=14), last)
    rows = [row_of(fact) for fact in history]
    rows += [rows[n] for n in sorted(twice) if n < len(rows)]  # a retry that PostHog has not merged
    project = Project(rows, oracle.zone, datetime.combine(last, time(12), oracle.zone))
    queries = [tile["query"] for tile in template(ADOPTION)["tiles"] if tile["type"] == "INSIGHT"]
    principals, identities, sessions, providers = queries[:4]

    growth = project.run(principals["source"]["query"])
    assert growth == [row for row in growth_of(oracle, days) if row[1]]
    for series in identities["source"]["series"]:
        (counts_only,) = identities["source"]["properties"]
        trend = project.run(trend_query(series, counts_only["key"]), since=since)
        counts = [(day, oracle.count(series["event"], "identity_handle", [day])) for day in days]
        assert trend == [(day.isoformat(), count) for day, count in counts if count]
    for day, *ended, rate in project.run(sessions["source"]["query"], since=since):
        said = [
            oracle.count(f"auth_session_{how}", "auth_session_id", [date.fromisoformat(day)]) for how in ENDS
        ]
        assert ended == said
        share = oracle.rate([date.fromisoformat(day)])
        assert rate == (None if share is None else pytest.approx(100 * share, abs=0.051))
    ranked = project.run(providers["source"]["query"], since=since)
    assert sorted(ranked) == sorted(oracle.providers(days))
    assert [row[1] for row in ranked] == [row[1] for row in oracle.providers(days)]


ENDS = ("completed", "failed", "expired", "cancelled")


def row_of(fact: LoggedEvent) -> dict[str, Any]:
    return {
        "event": fact.name,
        "timestamp": fact.occurred_at,
        "uuid": fact.uuid,
        "distinct_id": fact.subject_id,
        "properties": {**fact.fields, "installation_id": "srv_1"},
    }


def growth_of(oracle: Oracle, days: list[date]) -> list[tuple[str, int, int]]:
    def count(day: date) -> int:
        return oracle.count("principal_registered", "principal_id", [day])

    return [
        (day.isoformat(), count(day), oracle.in_all("principal_registered", "principal_id", day))
        for day in days
    ]


def trend_query(series: dict[str, Any], condition: str) -> str:
    """What PostHog makes of one series of a trend, by day."""
    where = f"event = '{series['event']}' AND {{filters}} AND {condition}"
    return (
        f"SELECT toStartOfDay(timestamp) AS day, {series['math_hogql']} AS n FROM events "
        f"WHERE {where} GROUP BY day ORDER BY day"
    )
