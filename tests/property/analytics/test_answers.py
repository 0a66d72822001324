"""On any history, the rollups' SQL says what plain Python says, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine

from authsome.analytics.asked import ALL, Asked, Narrowing, Scope, Span
from authsome.analytics.dashboards import ADOPTION, MINE, RELIABILITY
from authsome.analytics.dashboards.dashboard import DashboardPlan, TilePlan
from authsome.analytics.metric import Bucket, Kind
from authsome.analytics.projections import rollups
from authsome.analytics.projections.fold import fold
from authsome.analytics.tiles import answer_tile
from authsome.store.books.books import Books
from authsome.store.event_log import LoggedEvent
from authsome.store.tables.ledger import METADATA
from authsome.store.tables.rollup import BASELINES, DERIVED, ROLLUPS, uncounted
from authsome.testing.sample_history import Amount
from tests.property.analytics.expected import CHECKS
from tests.property.analytics.histories import MIDDLE, ZONES, facts, histories
from tests.property.analytics.oracle import Oracle
from tests.support.databases import empty_postgres, postgres_server
from tests.support.examples import examples
from tests.support.sampled import sample

__all__ = ["postgres_server"]
LAST = MIDDLE.date() + timedelta(days=3)
TABLES = [*ROLLUPS, *BASELINES, *DERIVED, uncounted]
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SAMPLED_UNTIL = datetime(2026, 4, 12, 12, tzinfo=UTC)

spans = st.builds(
    lambda days, bucket, zone: Asked(days=days, until=LAST, bucket=bucket).span(date.max, ZoneInfo(zone)),
    st.sampled_from((1, 7, 20)),
    st.sampled_from(Bucket),
    st.sampled_from(ZONES),
)
narrowings = st.sampled_from(
    (ALL, Narrowing(provider="github"), Narrowing(provider="crm"), Narrowing(identity="brisk-amber-otter-a"))
)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    url = "sqlite://"
    if request.param == "postgresql":
        url = empty_postgres(request.getfixturevalue("postgres_server"))
    made = create_engine(url)
    METADATA.create_all(made)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def sampled() -> list[LoggedEvent]:
    """What `make demo` shows, of fewer people."""
    _, history = sample(until=SAMPLED_UNTIL, amount=Amount(principals=40, days=60))
    return history


def rolled_up(connection: Connection, history: list[LoggedEvent], zone: ZoneInfo, batch: int) -> None:
    """Fold the history in batches, as a projector does over time."""
    for table in TABLES:
        connection.execute(table.delete())
    for start in range(0, len(history), batch):
        rollups.add(connection, fold(history[start : start + batch], zone), rollups.ROLLUPS)


def check_dashboard(
    connection: Connection, plan: DashboardPlan, span: Span, narrowing: Narrowing, oracle: Oracle
) -> None:
    for tile in plan.tiles:
        if tile.metric.kind is not Kind.LANES:
            check_tile(connection, tile, span, narrowing, oracle)


def check_tile(
    connection: Connection, tile: TilePlan, span: Span, narrowing: Narrowing, oracle: Oracle
) -> None:
    said = answer_tile(Books(connection, NOW), tile, Scope(span, narrowing), head=0)
    applied = narrowing.applied_to(tile.metric)
    wanted = {
        "provider": applied.provider,
        "identity_handle": applied.identity,
        "principal_id": applied.principal,
    }
    CHECKS[said.title](said, oracle.only(**{k: v for k, v in wanted.items() if v}), span)


def test_the_rollups_answer_as_the_oracle_does(engine: Engine) -> None:
    @settings(deadline=None, max_examples=examples(150 if engine.dialect.name == "sqlite" else 25))
    @given(history=histories(), span=spans, batch=st.sampled_from((1, 4, 40)), narrowing=narrowings)
    def check(history: list[LoggedEvent], span: Span, batch: int, narrowing: Narrowing) -> None:
        oracle = Oracle(facts(history), span.zone)
        with engine.begin() as connection:
            rolled_up(connection, history, span.zone, batch)
            check_dashboard(connection, ADOPTION, span, narrowing, oracle)
            check_dashboard(connection, RELIABILITY, span, narrowing, oracle)
            mine = Narrowing(provider=narrowing.provider, identity=narrowing.identity, principal="prn_a")
            check_dashboard(connection, MINE, span, mine, oracle)

    check()


@pytest.mark.parametrize("bucket", Bucket)
def test_of_the_sample_history_the_rollups_say_what_the_oracle_says(
    engine: Engine, sampled: list[LoggedEvent], bucket: Bucket
) -> None:
    zone = ZoneInfo("Europe/Berlin")
    span = Asked(days=30, bucket=bucket).span(SAMPLED_UNTIL.date(), zone)
    oracle = Oracle(facts(sampled), zone)
    with engine.begin() as connection:
        rolled_up(connection, sampled, zone, 500)
        for plan in (ADOPTION, RELIABILITY):
            check_dashboard(connection, plan, span, ALL, oracle)


def test_every_tile_has_an_expectation() -> None:
    plans = [tile for plan in (ADOPTION, RELIABILITY, MINE) for tile in plan.tiles]
    assert {tile.metric.title for tile in plans if tile.metric.kind is not Kind.LANES} == set(CHECKS)
