"""On any history, our PostHog dashboards say on ClickHouse itself what plain Python says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from authsome.store.event_log import LoggedEvent
from authsome.telemetry.project import project
from authsome.testing.sample_history import Amount
from tests.property.analytics.posthog_tiles import CHECKS
from tests.property.analytics.scenes import ANY, Scene
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
TITLES = pytest.mark.parametrize("title", CHECKS)


@TITLES
def test_an_insight_says_what_the_oracle_says_of_any_history(clickhouse: Engine, title: str) -> None:
    @settings(deadline=None, max_examples=examples(20))
    @given(scene=ANY)
    def check(scene: Scene) -> None:
        CHECKS[title](INSIGHTS[title], scene.project(clickhouse), scene)

    check()


@pytest.fixture(scope="module")
def sampled() -> tuple[str, list[LoggedEvent]]:
    return sample(until=NOW, amount=Amount(principals=60, days=100))


@TITLES
def test_an_insight_says_of_the_sample_history_what_the_oracle_says(
    clickhouse: Engine, title: str, sampled: tuple[str, list[LoggedEvent]]
) -> None:
    installation_id, history = sampled
    scene = Scene(
        history,
        "Europe/Berlin",
        NOW.date(),
        again=set(range(0, len(history), 3)),
        as_sent=partial(project, installation_id=installation_id),
    )
    CHECKS[title](INSIGHTS[title], scene.project(clickhouse), scene)
