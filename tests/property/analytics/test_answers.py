"""On any history, the rollups' SQL and the queries for PostHog say what plain Python says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine

from authsome.analytics.answers import TileAnswer
from authsome.analytics.compile.posthog import DAYS, template
from authsome.analytics.dashboards.adoption import ADOPTION
from authsome.analytics.projections import rollups
from authsome.analytics.projections.fold import fold
from authsome.analytics.reader import Span, answer
from authsome.store.event_log import LoggedEvent
from authsome.store.tables.ledger import METADATA
from authsome.store.tables.rollup import BASELINES, ROLLUPS, uncounted
from tests.property.analytics.histories import MIDDLE, ZONES, facts, histories
from tests.property.analytics.oracle import Oracle, days_between
from tests.support.databases import fresh_postgres, postgres_server
from tests.support.examples import examples
from tests.support.hogql import Project

__all__ = ["postgres_server"]
SPAN = Span(MIDDLE.date() - timedelta(days=3), MIDDLE.date() + timedelta(days=3))
TABLES = [*ROLLUPS, *BASELINES, uncounted]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    url = "sqlite://"
    if request.param == "postgresql":
        url = fresh_postgres(request.getfixturevalue("postgres_server"))
    made = create_engine(url)
    METADATA.create_all(made, tables=TABLES)
    yield made
    made.dispose()


def rolled_up(connection: Connection, history: list[LoggedEvent], zone: ZoneInfo, batch: int) -> None:
    """Fold the history in batches, as a projector does over time."""
    for table in TABLES:
        connection.execute(table.delete())
    for start in range(0, len(history), batch):
        rollups.add(connection, fold(history[start : start + batch], zone), rollups.ROLLUPS)


def expected(tile: TileAnswer, oracle: Oracle, span: Span) -> dict[str, Any]:
    """What the oracle says to the lines of a tile: values by day, total, and the total before."""
    metric = next(plan for plan in ADOPTION.tiles if plan.key == tile.key)
    out: dict[str, Any] = {}
    for one in metric.metrics:
        for line in one.lines:
            event, field = line.event.name, one.counted
            out[line.key] = (
                tuple(oracle.count(event, field, [day]) for day in span.days),
                oracle.count(event, field, span.days),
                oracle.count(event, field, span.before.days),
            )
    if tile.key == "principals":
        total = [oracle.in_all("principal_registered", "principal_id", day) for day in span.days]
        before = oracle.in_all("principal_registered", "principal_id", span.before.last)
        out["total"] = (tuple(total), total[-1], before)
    return out


def test_the_rollups_answer_as_the_oracle_does(engine: Engine) -> None:
    @settings(deadline=None, max_examples=examples(150 if engine.dialect.name == "sqlite" else 25))
    @given(history=histories(), zone=st.sampled_from(ZONES), batch=st.sampled_from((1, 4, 40)))
    def check(history: list[LoggedEvent], zone: str, batch: int) -> None:
        oracle = Oracle(facts(history), ZoneInfo(zone))
        with engine.begin() as connection:
            rolled_up(connection, history, oracle.zone, batch)
            tiles = {tile.key: tile for tile in answer(connection, ADOPTION, SPAN)}
        check_tiles(tiles, oracle)

    check()


def check_tiles(tiles: dict[str, TileAnswer], oracle: Oracle) -> None:
    for tile in tiles.values():
        said = {line.key: (line.values, line.total, line.before) for line in tile.lines}
        assert said == expected(tile, oracle, SPAN)
    rate = tiles["auth_sessions"].rate
    assert rate is not None
    assert rate.values == tuple(oracle.rate([day]) for day in SPAN.days)
    assert (rate.total, rate.before) == (oracle.rate(SPAN.days), oracle.rate(SPAN.before.days))
    for row in tiles["auth_sessions"].by["flow"]:
        assert row.rate == oracle.rate(SPAN.days, flow=row.name)
    rows = tiles["providers"].by["provider"]
    ranked = [(row.name, row.counts["connections"], row.counts["principals"]) for row in rows]
    assert ranked == oracle.providers(SPAN.days)


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
    principals, identities, sessions, providers = queries

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
        "properties": fact.fields,
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
