"""A metric that asks for what is not there cannot be defined."""

from __future__ import annotations

from dataclasses import replace

import pytest

from authsome.analytics.dashboards import ADOPTION
from authsome.analytics.dashboards.dashboard import TilePlan
from authsome.analytics.metric import Dimension, Kind, Line, MetricInvalid
from authsome.analytics.metrics import (
    AUTH_SESSION_SUCCESS_RATE,
    CONNECTED_PRINCIPALS,
    IDENTITIES,
    METRICS,
    REGISTERED_PRINCIPALS,
    TOP_PROVIDERS,
)
from authsome.identity.events import IdentityRegistered


def test_a_field_that_the_event_lacks_cannot_be_counted() -> None:
    with pytest.raises(MetricInvalid, match="principal_registered does not send"):
        replace(REGISTERED_PRINCIPALS, counted="identity_handle")


def test_a_field_that_never_leaves_cannot_be_counted() -> None:
    label = Line(key="label", title="Label", event=IdentityRegistered)
    with pytest.raises(MetricInvalid, match="counts label"):
        replace(IDENTITIES, counted="label", lines=(label,))


def test_a_metric_cannot_be_taken_apart_by_what_no_event_of_it_has() -> None:
    with pytest.raises(MetricInvalid, match="reason"):
        replace(TOP_PROVIDERS, by=(Dimension.REASON,))


def test_who_can_be_taken_apart_by_provider_only() -> None:
    with pytest.raises(MetricInvalid, match="by provider only"):
        replace(CONNECTED_PRINCIPALS, by=(Dimension.FLOW,))


def test_growth_needs_something_that_happens_once() -> None:
    with pytest.raises(MetricInvalid, match="once"):
        replace(IDENTITIES, kind=Kind.GROWTH, lines=IDENTITIES.lines[:1])


def test_a_ranking_has_one_line() -> None:
    with pytest.raises(MetricInvalid, match="one line"):
        replace(AUTH_SESSION_SUCCESS_RATE, kind=Kind.RANKING)


def test_what_happens_once_is_told_from_the_key_of_the_event() -> None:
    assert {metric.name: metric.once for metric in METRICS} == {
        "registered_principals": True,
        "identities": False,
        "auth_session_success_rate": True,
        "top_providers": True,
        "connected_principals": False,
    }


def test_only_rankings_of_the_same_rows_stand_beside_each_other() -> None:
    with pytest.raises(TypeError, match="rankings"):
        TilePlan(key="x", metric=IDENTITIES, beside=TOP_PROVIDERS)


def test_names_and_keys_are_each_used_once() -> None:
    names = [metric.name for metric in METRICS]
    keys = [tile.key for tile in ADOPTION.tiles]
    assert len(set(names)) == len(names)
    assert len(set(keys)) == len(keys)
    for tile in ADOPTION.tiles:
        lines = [line.key for metric in tile.metrics for line in metric.lines]
        assert len(set(lines)) == len(lines)


def test_every_metric_is_on_a_dashboard() -> None:
    assert {metric for tile in ADOPTION.tiles for metric in tile.metrics} == set(METRICS)
