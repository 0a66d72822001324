"""What should be in a project is complete, fits PostHog's limits, and has a key for each thing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from authsome.analytics.compile.posthog import template
from authsome.analytics.dashboards import DASHBOARDS
from authsome.analytics.provision.mark import LONGEST, key_in, marked
from authsome.analytics.provision.wanted import WantedInsight, everything_wanted, wanted_dashboard
from authsome.telemetry import catalogue
from authsome.testing.posthog.private.kept.fields import LONGEST_NAME, LONGEST_TEXT
from authsome.testing.posthog.private.kept.nodes import fault

WANTED = everything_wanted(DASHBOARDS, with_old_names=True)
INSIGHTS = [insight for dashboard in WANTED.dashboards for insight in dashboard.insights]
TEXTS = [text for dashboard in WANTED.dashboards for text in dashboard.texts]


def test_every_tile_of_every_template_is_wanted_in_its_place() -> None:
    for plan, dashboard in zip(DASHBOARDS, WANTED.dashboards, strict=True):
        tiles = template(plan)["tiles"]
        assert len(dashboard.layouts) == len(tiles)
        assert [tile["layouts"] for tile in tiles if tile["type"] == "INSIGHT"] == [
            insight.layouts for insight in dashboard.insights
        ]


def test_keys_are_unique_and_can_be_read_from_a_mark() -> None:
    keys = [
        *(dashboard.key for dashboard in WANTED.dashboards),
        *(insight.key for insight in INSIGHTS),
        *(text.key for text in TEXTS),
        *(action.key for action in WANTED.actions or ()),
    ]
    assert len(set(keys)) == len(keys)
    for key in keys:
        assert key_in(marked("", key, 1), 1) == key
    for text in TEXTS:
        assert key_in(text.body) == text.key


def test_posthogs_limits_are_kept() -> None:
    assert all(len(insight.name) <= LONGEST_NAME for insight in INSIGHTS)
    assert all(len(text.body) <= LONGEST_TEXT for text in TEXTS)
    assert all(len(text) <= LONGEST for text in (*WANTED.events.values(), *WANTED.properties.values()))


@pytest.mark.parametrize("insight", INSIGHTS, ids=lambda insight: insight.key)
def test_each_query_is_one_that_posthog_takes(insight: WantedInsight) -> None:
    assert fault(insight.query) is None


def test_every_event_and_every_property_that_can_leave_is_described() -> None:
    assert WANTED.events.keys() == catalogue.events().keys()
    sent = {field for event in catalogue.events().values() for field in catalogue.schema(event)["properties"]}
    assert WANTED.properties.keys() == sent


@pytest.mark.parametrize("insight", INSIGHTS, ids=lambda insight: insight.key)
def test_what_an_insight_means_is_said_whole_beside_its_mark(insight: WantedInsight) -> None:
    assert marked(insight.description, insight.key, 2**31).startswith(f"{insight.description} [")


def test_an_insight_is_known_again_when_its_title_changes() -> None:
    plan = DASHBOARDS[0]
    retitled = [
        replace(tile, metric=replace(tile.metric, title=f"Once more: {tile.metric.title}"))
        for tile in plan.tiles
    ]
    before, after = wanted_dashboard(plan), wanted_dashboard(replace(plan, tiles=tuple(retitled)))
    assert [one.key for one in after.insights] == [one.key for one in before.insights]
    assert not {one.name for one in after.insights} & {one.name for one in before.insights}


def test_no_action_is_made_for_a_name_that_never_changed() -> None:
    keys = {action.key for action in WANTED.actions or ()}
    assert "old-names/principal_registered" in keys
    assert "old-names/identity_claimed" not in keys
