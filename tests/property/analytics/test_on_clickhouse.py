"""On any history, our PostHog dashboards say on ClickHouse itself what plain Python says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from authsome.store.event_log import LoggedEvent
from authsome.telemetry.project import project
from authsome.testing.sample_history import Amount
from tests.property.analytics.histories import histories
from tests.property.analytics.posthog_tiles import CHECKS, ONLY_IN_ORDER, days_shown
from tests.property.analytics.scenes import Scene, lives, scenes
from tests.support.clickhouse.engine import Engine, clickhouse
from tests.support.examples import examples
from tests.support.sampled import sample

__all__ = ["clickhouse"]
pytestmark = pytest.mark.deep

NOW = datetime(2026, 4, 12, 12, tzinfo=UTC)
FOLDER = Path(__file__).resolve().parents[3] / "dashboards/posthog"
INSIGHTS: dict[str, Any] = {
    tile["name"]: tile["query"]
    for path in sorted(FOLDER.glob("*.json"))
    for tile in json.loads(path.read_text(encoding="utf-8"))["tiles"]
    if tile["type"] == "INSIGHT"
}
TITLES = pytest.mark.parametrize("title", INSIGHTS)


def test_every_insight_has_an_expectation() -> None:
    assert set(INSIGHTS) == set(CHECKS)


@pytest.mark.parametrize("title", sorted(set(INSIGHTS) - ONLY_IN_ORDER))
def test_an_insight_says_what_the_oracle_says_of_any_history(clickhouse: Engine, title: str) -> None:
    @settings(deadline=None, max_examples=examples(20))
    @given(scene=scenes(histories(), days_shown(title)))
    def check(scene: Scene) -> None:
        CHECKS[title](INSIGHTS[title], scene.project(clickhouse), scene)

    check()


@TITLES
def test_an_insight_says_what_the_oracle_says_where_causes_come_first(clickhouse: Engine, title: str) -> None:
    @settings(deadline=None, max_examples=examples(10))
    @given(scene=scenes(lives(), days_shown(title), any_week=False))
    def check(scene: Scene) -> None:
        CHECKS[title](INSIGHTS[title], scene.project(clickhouse), scene)

    check()


@pytest.fixture(scope="module")
def sampled() -> tuple[str, list[LoggedEvent]]:
    return sample(until=NOW, amount=Amount(principals=60, days=100))


@pytest.mark.parametrize("days_later", [0, 45])
@TITLES
def test_an_insight_says_of_the_sample_history_what_the_oracle_says(
    clickhouse: Engine, title: str, days_later: int, sampled: tuple[str, list[LoggedEvent]]
) -> None:
    """Also where what is shown begins in the middle of it."""
    installation_id, history = sampled
    scene = Scene(
        history,
        "Europe/Berlin",
        (NOW + timedelta(days=days_later)).date(),
        again=set(range(0, len(history), 3)),
        as_sent=partial(project, installation_id=installation_id),
    )
    CHECKS[title](INSIGHTS[title], scene.project(clickhouse), scene)
