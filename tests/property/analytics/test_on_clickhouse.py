"""On any history, PostHog's side of our tiles says on ClickHouse itself what plain Python says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authsome.analytics.compile.posthog import DAYS, insight
from authsome.analytics.dashboards import DASHBOARDS
from authsome.analytics.dashboards.dashboard import TilePlan
from authsome.analytics.metric import Kind
from authsome.store.event_log import LoggedEvent
from authsome.telemetry.project import project
from authsome.telemetry.sink import Outgoing
from authsome.testing.sample_history import Amount
from tests.property.analytics.histories import MIDDLE, ZONES, facts, histories
from tests.property.analytics.oracle import Oracle, days_between
from tests.support.clickhouse.dates import day_of
from tests.support.clickhouse.engine import Engine, clickhouse
from tests.support.clickhouse.project import Project
from tests.support.clickhouse.scope import Setting
from tests.support.clickhouse.stored import outgoing
from tests.support.examples import examples
from tests.support.sampled import sample

__all__ = ["clickhouse"]
pytestmark = pytest.mark.deep

NOW = datetime(2026, 4, 12, 12, tzinfo=UTC)
TILES = [tile for dashboard in DASHBOARDS for tile in dashboard.tiles]


@dataclass(frozen=True)
class Scene:
    """A history as it came to PostHog, and the day on which somebody looks.

    `late` facts come in a second request, after newer ones; `again` are sent a second time there.
    """

    history: list[LoggedEvent]
    zone: str
    late: set[int]
    again: set[int]
    merged: bool
    defined: bool
    today: date

    @property
    def oracle(self) -> Oracle:
        return Oracle(facts(self.history), ZoneInfo(self.zone))

    @property
    def days(self) -> list[date]:
        return days_between(self.today - timedelta(days=DAYS - 1), self.today)

    def seen(self, engine: Engine, sent: list[Outgoing]) -> Project:
        first = [fact for n, fact in enumerate(sent) if n not in self.late]
        second = [fact for n, fact in enumerate(sent) if n in self.late | self.again]
        now = datetime.combine(self.today, time(12), ZoneInfo(self.zone))
        setting = Setting(self.zone, now)
        return Project.filled(engine, [first, second], setting, merged=self.merged, defined=self.defined)


_some = st.sets(st.integers(0, 39))
scenes = st.builds(
    Scene,
    history=histories(),
    zone=st.sampled_from(ZONES),
    late=_some,
    again=_some,
    merged=st.booleans(),
    defined=st.booleans(),
    today=st.just(MIDDLE.date() + timedelta(days=14)),
)


@pytest.mark.parametrize("tile", TILES, ids=lambda tile: tile.key)
def test_a_tile_says_what_the_oracle_says(clickhouse: Engine, tile: TilePlan) -> None:
    @settings(deadline=None, max_examples=examples(20))
    @given(scene=scenes)
    def check(scene: Scene) -> None:
        sent = [outgoing(fact) for fact in scene.history]
        CHECKS[tile.metric.kind](tile, scene.seen(clickhouse, sent), scene)

    check()


def check_growth(tile: TilePlan, posthog: Project, scene: Scene) -> None:
    (line,), oracle, counted = tile.metric.lines, scene.oracle, tile.metric.counted
    expected = [
        (day, oracle.count(line.event.name, counted, [day]), oracle.in_all(line.event.name, counted, day))
        for day in scene.days
    ]
    said = [(day_of(day), new, total) for day, new, total in posthog.table(insight(tile)).rows]
    assert said == [row for row in expected if row[1]]


def check_counts(tile: TilePlan, posthog: Project, scene: Scene) -> None:
    lines, oracle = posthog.trends(insight(tile)), scene.oracle
    assert [line.label for line in lines] == [line.title for line in tile.metric.lines]
    for line, defined in zip(lines, tile.metric.lines, strict=True):
        name = defined.event.name
        counts = {day: oracle.count(name, tile.metric.counted, [day]) for day in scene.days}
        assert line.by_bucket == counts


def check_rate(tile: TilePlan, posthog: Project, scene: Scene) -> None:
    said: dict[date, tuple[Any, ...]] = {}
    oracle = scene.oracle
    for day, *numbers in posthog.table(insight(tile)).rows:
        said[day_of(day)] = tuple(numbers)
    for day in scene.days:
        counts = [oracle.count(line.event.name, tile.metric.counted, [day]) for line in tile.metric.lines]
        if not any(counts):
            assert day not in said
            continue
        *ended, rate = said.pop(day)
        assert ended == counts
        share = oracle.rate([day])
        assert rate == (None if share is None else pytest.approx(100 * share, abs=0.051))
    assert not said


def check_ranking(tile: TilePlan, posthog: Project, scene: Scene) -> None:
    ranked = posthog.table(insight(tile)).rows
    expected = scene.oracle.providers(scene.days)
    assert sorted(ranked) == sorted(expected)
    assert [row[1] for row in ranked] == [row[1] for row in expected]


CHECKS = {
    Kind.GROWTH: check_growth,
    Kind.COUNTS: check_counts,
    Kind.RATE: check_rate,
    Kind.RANKING: check_ranking,
}


@pytest.fixture(scope="module")
def sampled() -> tuple[str, list[LoggedEvent]]:
    return sample(until=NOW, amount=Amount(principals=60, days=100))


@pytest.mark.parametrize("tile", TILES, ids=lambda tile: tile.key)
def test_a_tile_says_of_the_sample_history_what_the_oracle_says(
    clickhouse: Engine, tile: TilePlan, sampled: tuple[str, list[LoggedEvent]]
) -> None:
    installation_id, history = sampled
    scene = Scene(history, "Europe/Berlin", set(), set(range(0, len(history), 3)), False, True, NOW.date())
    sent = [project(fact, installation_id=installation_id) for fact in history]
    CHECKS[tile.metric.kind](tile, scene.seen(clickhouse, sent), scene)
