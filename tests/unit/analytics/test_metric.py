"""A metric that asks for what is not there cannot be defined."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from authsome.analytics.asked import Narrowing
from authsome.analytics.dashboards import DASHBOARDS, MINE
from authsome.analytics.dashboards.dashboard import TilePlan
from authsome.analytics.metric import (
    Bucket,
    Counted,
    Dimension,
    Distinct,
    Each,
    Funnel,
    Kind,
    Line,
    MetricInvalid,
    Retention,
    Sign,
)
from authsome.analytics.metrics import (
    ACTIVE_AGENTS,
    AUTH_SESSION_SUCCESS_RATE,
    CLAIM_FUNNEL,
    CREDENTIAL_USE,
    DELIVERY,
    DENIALS,
    IDENTITIES,
    METRICS,
    PRINCIPAL_RETENTION,
    REGISTERED_PRINCIPALS,
    TOP_PROVIDERS,
)
from authsome.analytics.metrics.firsts import WHO, column_of
from authsome.identity.events import IdentityRegistered
from authsome.principal.events import PrincipalLoggedIn


def test_a_field_that_the_event_lacks_cannot_be_counted() -> None:
    with pytest.raises(MetricInvalid, match="principal_registered does not send"):
        replace(REGISTERED_PRINCIPALS, counted=Distinct("identity_handle"))


def test_a_field_that_never_leaves_cannot_be_counted() -> None:
    label = Line(key="label", title="Label", event=IdentityRegistered)
    with pytest.raises(MetricInvalid, match="counts label"):
        replace(IDENTITIES, counted=Distinct("label"), lines=(label,))


def test_a_metric_cannot_be_taken_apart_by_what_no_event_of_it_has() -> None:
    with pytest.raises(MetricInvalid, match="reason"):
        replace(TOP_PROVIDERS, by=(Dimension.REASON,))


def test_what_rollups_do_not_keep_cannot_be_counted() -> None:
    with pytest.raises(MetricInvalid, match="rollups do not keep"):
        replace(TOP_PROVIDERS, counted=Distinct("vault_id"))


def test_a_fact_that_stands_for_many_is_not_counted_as_one() -> None:
    with pytest.raises(MetricInvalid, match="stands for many"):
        replace(CREDENTIAL_USE, counted=Each())


def test_a_line_asks_only_for_dimensions_that_its_event_has() -> None:
    lines = (Line(key="x", title="X", event=IdentityRegistered, where=(Dimension.FLOW, "api_key")),)
    with pytest.raises(MetricInvalid, match="has no flow"):
        replace(IDENTITIES, lines=lines)
    with pytest.raises(MetricInvalid, match="has no outcome"):
        Sign(event=PrincipalLoggedIn, outcome="delivered")


def test_a_funnel_times_one_of_its_later_steps() -> None:
    with pytest.raises(MetricInvalid, match="no later step"):
        replace(CLAIM_FUNNEL, timed="registered")


def test_cohorts_are_of_those_whom_the_events_name() -> None:
    with pytest.raises(MetricInvalid, match="does not send"):
        replace(PRINCIPAL_RETENTION, began=IdentityRegistered)
    with pytest.raises(MetricInvalid, match="does not send"):
        replace(ACTIVE_AGENTS, activity=replace(ACTIVE_AGENTS.activity, field="vault_id"))


@pytest.mark.parametrize("bucket", Bucket)
def test_a_bucket_begins_where_the_one_before_it_ends(bucket: Bucket) -> None:
    for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(800)):
        start = bucket.start(day)
        assert start <= day < bucket.after(start)
        assert bucket.back(bucket.after(start), 1) == start
        assert bucket.start(start) == start


def test_growth_needs_something_that_happens_once() -> None:
    with pytest.raises(MetricInvalid, match="once"):
        replace(IDENTITIES, drawn=Kind.GROWTH, lines=IDENTITIES.lines[:1])


def test_a_ranking_has_one_line() -> None:
    with pytest.raises(MetricInvalid, match="one line"):
        replace(AUTH_SESSION_SUCCESS_RATE, drawn=Kind.RANKING)


def test_what_happens_once_is_told_from_the_key_of_the_event() -> None:
    counted = [m for m in METRICS if isinstance(m, Counted) and isinstance(m.counted, Distinct)]
    assert {metric.name for metric in counted if not metric.adds_up} == {
        "identities",
        "identities_decided",
        "connected_principals",
    }
    assert DENIALS.adds_up


def test_only_rankings_of_the_same_rows_stand_beside_each_other() -> None:
    with pytest.raises(TypeError, match="rankings"):
        TilePlan(key="x", metric=IDENTITIES, beside=TOP_PROVIDERS)


def test_names_and_keys_are_each_used_once() -> None:
    names = [metric.name for metric in METRICS]
    assert len(set(names)) == len(names)
    for plan in (*DASHBOARDS, MINE):
        keys = [tile.key for tile in plan.tiles]
        assert len(set(keys)) == len(keys)
        for tile in plan.tiles:
            counted = [metric for metric in tile.metrics if isinstance(metric, Counted)]
            lines = [line.key for metric in counted for line in metric.lines]
            assert len(set(lines)) == len(lines)


def test_every_metric_is_on_a_dashboard() -> None:
    shown = {metric.name for plan in (*DASHBOARDS, MINE) for tile in plan.tiles for metric in tile.metrics}
    assert shown == {metric.name for metric in METRICS}


def test_what_is_shown_to_a_principal_can_be_narrowed_to_what_is_theirs() -> None:
    theirs = Narrowing(principal="prn_1")
    for tile in MINE.tiles:
        assert theirs.applied_to(tile.metric).principal == "prn_1"
    for metric in (CLAIM_FUNNEL, PRINCIPAL_RETENTION, DELIVERY):
        with pytest.raises(MetricInvalid, match="cannot be narrowed to one principal"):
            theirs.applied_to(metric)


def test_rollups_keep_the_first_times_that_funnels_and_cohorts_of_agents_ask_for() -> None:
    for metric in METRICS:
        if isinstance(metric, Funnel):
            assert metric.counted == WHO
            columns = [column_of(step.event, step.where[1] if step.where else None) for step in metric.steps]
            assert len(set(columns)) == len(columns)
        if isinstance(metric, Retention) and metric.began.keyed_by != metric.activity.field:
            assert (metric.activity.field, column_of(metric.began)) == (WHO, "claimed_at")
