"""Every refusal says what to do, waiting is as PostHog asks, and nothing is believed unseen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from authsome.analytics.dashboards import DASHBOARDS
from authsome.analytics.provision.connect import hold_access
from authsome.analytics.provision.errors import (
    NotAsWritten,
    PostHogDenies,
    PostHogForbidden,
    PostHogNotConfigured,
    PostHogRefuses,
    PostHogUnavailable,
)
from authsome.analytics.provision.wanted import everything_wanted
from authsome.kit.secret import Secret
from authsome.telemetry.mode import TelemetrySettings
from authsome.testing.posthog import Answer, Redirect, Slow
from authsome.testing.posthog.private import PERSONAL_KEY
from tests.contract.analytics.provision.operator import Operator

GIVEN = TelemetrySettings(posthog_personal_api_key=Secret("phx_key"), posthog_project_id="7")
WANTED = everything_wanted(DASHBOARDS, with_old_names=False)


@pytest.mark.parametrize(
    "change",
    [
        {"do_not_track": "1"},
        {"global_do_not_track": "1"},
        {"telemetry": "off"},
        {"telemetry": "onn"},
        {"telemetry": "local", "global_do_not_track": "yes"},
    ],
)
def test_where_the_environment_forbids_it_nobody_is_asked(change: dict[str, Any]) -> None:
    with pytest.raises(PostHogForbidden) as refused:
        hold_access(replace(GIVEN, **change))
    assert "TRACK" in refused.value.detail or "AUTHSOME_TELEMETRY" in refused.value.detail


@pytest.mark.parametrize("telemetry", [None, "local", "log"])
def test_a_machine_that_sends_no_facts_may_still_make_dashboards(telemetry: str | None) -> None:
    assert hold_access(replace(GIVEN, telemetry=telemetry)).host == "https://us.posthog.com"


def test_what_is_not_set_is_named() -> None:
    with pytest.raises(PostHogNotConfigured, match="AUTHSOME_POSTHOG_PERSONAL_API_KEY is not set"):
        hold_access(replace(GIVEN, posthog_personal_api_key=None))


async def test_a_wrong_key_and_a_missing_scope_each_have_their_way_out(operator: Operator) -> None:
    operator.posthog.private.keys = {PERSONAL_KEY: frozenset({"project:read", "dashboard:write"})}
    with pytest.raises(PostHogDenies, match="insight:read") as lacking:
        await operator.apply()
    assert "insight:write" in lacking.value.next_step
    operator.posthog.private.keys = {"phx_another": frozenset({"*"})}
    with pytest.raises(PostHogDenies, match="401") as wrong:
        await operator.apply()
    assert "AUTHSOME_POSTHOG_PERSONAL_API_KEY" in wrong.value.next_step
    assert PERSONAL_KEY not in str(wrong.value) + str(lacking.value) + "".join(operator.told)


async def test_another_project_than_the_keys_is_said(operator: Operator) -> None:
    operator.posthog.private.project_id = "2"
    with pytest.raises(PostHogDenies) as refused:
        await operator.apply()
    assert "AUTHSOME_POSTHOG_PROJECT_ID" in refused.value.next_step


async def test_a_redirect_is_not_followed(operator: Operator) -> None:
    operator.posthog.next_private(Redirect(location="http://127.0.0.1:1/"))
    with pytest.raises(PostHogDenies, match="AUTHSOME_POSTHOG_API_HOST"):
        await operator.plan()


async def test_retry_after_is_kept_to_and_told(operator: Operator) -> None:
    operator.posthog.next_private(Slow(seconds=0.0), Answer(status=429, retry_after="17"))
    await operator.apply()
    assert operator.waited == [17.0]
    assert "waiting 17 s: 429" in operator.told
    assert await operator.plan() == []


async def test_a_write_that_was_throttled_is_made_once(operator: Operator) -> None:
    operator.posthog.next_private(
        *[Slow(seconds=0.0)] * 5, *[Answer(status=429, retry_after="3")] * 2, Answer(status=503)
    )
    await operator.apply()
    assert len(operator.insights) == sum(len(dashboard.insights) for dashboard in WANTED.dashboards)
    assert len(operator.dashboards) == len(WANTED.dashboards)


async def test_a_limit_that_other_programs_used_up_is_waited_out(operator: Operator) -> None:
    operator.posthog.private._insight_calls.extend([operator.clock.now()] * 240)
    await operator.apply()
    assert [one.status for one in operator.posthog.requests].count(429) == 1
    assert operator.waited == [60.0]


async def test_who_asks_to_wait_an_hour_is_asked_another_time(operator: Operator) -> None:
    operator.posthog.next_private(Answer(status=429, retry_after="3600"))
    with pytest.raises(PostHogUnavailable, match="3600 seconds"):
        await operator.apply()
    assert operator.waited == []


async def test_a_posthog_that_is_away_is_asked_a_few_times(operator: Operator) -> None:
    operator.posthog.next_private(*[Answer(status=503)] * 6)
    with pytest.raises(PostHogUnavailable, match="503"):
        await operator.apply()
    assert operator.waited == [1.0, 2.0, 4.0, 8.0, 16.0]


async def test_a_query_that_posthog_does_not_know_is_named(operator: Operator) -> None:
    dashboard = WANTED.dashboards[0]
    strange = replace(dashboard.insights[0], query={"kind": "NewNode"})
    wanted = replace(WANTED, dashboards=(replace(dashboard, insights=(strange,)),))
    with pytest.raises(PostHogRefuses, match="NewNode"):
        await operator.apply(wanted)
    await operator.apply()
    assert await operator.plan() == []


async def test_an_action_of_that_name_by_somebody_else_is_named(operator: Operator) -> None:
    wanted = everything_wanted(DASHBOARDS, with_old_names=True)
    assert wanted.actions
    theirs = operator.by_hand("POST", "actions", {"name": wanted.actions[0].name, "steps": []})
    with pytest.raises(PostHogRefuses, match=f"already has an action with this name, ID {theirs['id']}"):
        await operator.apply(old_names=True)


async def test_a_posthog_that_keeps_something_else_than_was_written_is_found_out(operator: Operator) -> None:
    """A name with a space at its end: PostHog takes it off, so it is never as wanted."""
    dashboard = replace(WANTED.dashboards[0], name="Authsome: adoption ")
    with pytest.raises(NotAsWritten, match="change dashboard"):
        await operator.apply(replace(WANTED, dashboards=(dashboard,)))


async def test_an_answer_that_is_not_posthogs_is_no_success(operator: Operator) -> None:
    operator.posthog.next_private(Answer(status=200, text="[]"))
    with pytest.raises(PostHogRefuses, match="not PostHog's"):
        await operator.plan()
