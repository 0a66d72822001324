"""`destroy` removes what `apply` made, and nothing else."""

from __future__ import annotations

from authsome.testing.posthog.private import PERSONAL_KEY
from tests.contract.analytics.provision.operator import QUERY, Operator


def everything(operator: Operator) -> tuple[object, ...]:
    kept = operator.posthog.private.kept
    descriptions = {key: text for key, text in kept.descriptions.items() if text}
    return operator.dashboards, operator.insights, operator.by_hand("GET", "actions"), descriptions


async def test_afterwards_the_project_is_as_it_was_before(operator: Operator) -> None:
    operator.capture("principal_registered", principal_id="prn_1")
    operator.capture("theirs", colour="red")
    operator.posthog.private.kept.descriptions["event", "theirs"] = "their own words"
    dashboard = operator.by_hand("POST", "dashboards", {"name": "Authsome: adoption", "tags": ["authsome"]})
    operator.by_hand("POST", "insights", {"name": "theirs", "query": QUERY, "dashboards": [dashboard["id"]]})
    operator.by_hand("POST", "actions", {"name": "theirs", "steps": [{"event": "theirs"}]})
    before = everything(operator)
    await operator.apply(old_names=True)
    assert everything(operator) != before
    assert (await operator.destroy()).changes
    assert everything(operator) == before
    assert (await operator.destroy()).changes == ()


async def test_it_can_be_applied_again_afterwards(operator: Operator) -> None:
    await operator.apply()
    await operator.destroy()
    await operator.apply()
    assert await operator.plan() == []


async def test_a_dashboard_with_somebodys_tile_is_left_to_them_without_ours(operator: Operator) -> None:
    await operator.apply()
    dashboard = operator.dashboards[0]
    path = f"dashboards/{dashboard['id']}"
    operator.by_hand("PATCH", path, {"tiles": [{"text": {"body": "theirs"}}]})
    await operator.destroy()
    left = operator.by_hand("GET", path)
    assert [tile["text"]["body"] for tile in left["tiles"]] == ["theirs"]
    assert "[authsome:" not in left["description"]
    assert (await operator.destroy()).changes == ()


async def test_somebodys_insight_that_stood_on_our_dashboard_is_still_there(operator: Operator) -> None:
    await operator.apply()
    on = [operator.dashboards[0]["id"]]
    theirs = operator.by_hand("POST", "insights", {"name": "theirs", "query": QUERY, "dashboards": on})
    await operator.destroy()
    assert operator.by_hand("GET", f"insights/{theirs['id']}")["dashboards"] == on
    assert [one["name"] for one in operator.insights] == ["theirs"]


async def test_a_key_that_may_not_see_actions_says_so(operator: Operator) -> None:
    await operator.apply()
    operator.posthog.private.keys = {PERSONAL_KEY: frozenset({"dashboard:write", "insight:write"})}
    outcome = await operator.destroy()
    assert any("actions were not looked at" in note and "action:read" in note for note in outcome.notes)
    operator.posthog.private.keys = {PERSONAL_KEY: frozenset({"*"})}
    assert operator.insights == []


async def test_no_call_uses_the_method_that_posthog_does_not_have(operator: Operator) -> None:
    await operator.apply(old_names=True)
    await operator.destroy()
    assert {request.method for request in operator.posthog.requests} == {"GET", "POST", "PATCH"}
