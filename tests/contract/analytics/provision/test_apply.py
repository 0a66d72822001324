"""`plan` and `apply` against PostHog's private API: what was wanted is there afterwards, once."""

from __future__ import annotations

import pytest

from authsome.analytics.dashboards import DASHBOARDS
from authsome.analytics.provision.difference import holds
from authsome.analytics.provision.errors import TimeZonesDiffer
from authsome.analytics.provision.wanted import everything_wanted
from authsome.telemetry import catalogue
from authsome.testing.posthog.private import PERSONAL_KEY
from tests.contract.analytics.provision.operator import QUERY, Operator

WANTED = everything_wanted(DASHBOARDS, with_old_names=False)
INSIGHTS = [insight for dashboard in WANTED.dashboards for insight in dashboard.insights]


async def test_everything_that_is_wanted_is_there_afterwards_and_where_it_belongs(operator: Operator) -> None:
    await operator.apply()
    there = {dashboard["name"]: dashboard for dashboard in operator.dashboards}
    assert there.keys() == {dashboard.name for dashboard in WANTED.dashboards}
    for dashboard in WANTED.dashboards:
        shown = there[dashboard.name]
        assert shown["filters"] == {}
        insights = {tile["insight"]["name"]: tile for tile in shown["tiles"] if tile["insight"]}
        assert insights.keys() == {insight.name for insight in dashboard.insights}
        for insight in dashboard.insights:
            tile = insights[insight.name]
            assert holds(tile["insight"]["query"], insight.query)
            assert tile["layouts"] == insight.layouts
            assert tile["insight"]["description"].startswith(insight.description[:100])
        texts = [(tile["text"]["body"], tile["layouts"]) for tile in shown["tiles"] if tile["text"]]
        assert texts == [(text.body, text.layouts) for text in dashboard.texts]


async def test_a_second_apply_changes_nothing_and_writes_nothing(operator: Operator) -> None:
    planned = await operator.plan()
    done = await operator.apply()
    assert [change.line for change in done.changes] == planned
    written = operator.writes
    assert (await operator.apply()).changes == ()
    assert await operator.plan() == []
    assert operator.writes == written


async def test_a_plan_never_writes(operator: Operator) -> None:
    assert len(await operator.plan(old_names=True)) > len(INSIGHTS)
    assert operator.writes == 0


async def test_with_hundreds_of_other_things_before_ours_they_are_found_again(operator: Operator) -> None:
    await operator.apply()
    for number in range(130):
        operator.by_hand("POST", "insights", {"name": f"theirs {number}", "query": QUERY})
        operator.by_hand("POST", "dashboards", {"name": f"A {number}", "pinned": True})
    assert await operator.plan() == []


async def test_others_things_of_the_same_names_are_not_touched(operator: Operator) -> None:
    for dashboard in WANTED.dashboards:
        operator.by_hand("POST", "dashboards", {"name": dashboard.name, "description": "mine"})
    for insight in INSIGHTS:
        operator.by_hand("POST", "insights", {"name": insight.name, "query": QUERY, "description": "mine"})
    before = operator.insights
    await operator.apply()
    assert operator.insights[: len(before)] == before
    assert len(operator.dashboards) == 2 * len(WANTED.dashboards)
    assert [one["tiles"] for one in operator.dashboards if one["description"] == "mine"] == [[]] * len(
        WANTED.dashboards
    )


async def test_a_copy_that_somebody_made_is_theirs(operator: Operator) -> None:
    await operator.apply()
    first = operator.insights[0]
    copy = {name: first[name] for name in ("name", "description", "query")}
    operator.by_hand("POST", "insights", {**copy, "name": f"{first['name']} (copy)"})
    assert await operator.plan() == []
    operator.by_hand("PATCH", f"insights/{first['id']}", {"deleted": True})
    assert f"create insight {first['name']}" in await operator.plan()
    await operator.apply()
    assert [one["name"] for one in operator.insights].count(f"{first['name']} (copy)") == 1


async def test_another_time_zone_is_refused_before_anything_is_written(operator: Operator) -> None:
    operator.posthog.private.kept.time_zone = "America/New_York"
    operator.time_zone = "Europe/Berlin"
    with pytest.raises(TimeZonesDiffer, match=r"America/New_York.*Europe/Berlin"):
        await operator.apply()
    assert operator.writes == 0
    operator.posthog.private.kept.time_zone = "Europe/Berlin"
    assert (await operator.apply()).changes


async def test_utc_has_two_names_and_is_one_time_zone(operator: Operator) -> None:
    operator.posthog.private.kept.time_zone = "Etc/UTC"
    assert await operator.plan()


async def test_actions_join_old_and_new_names_where_they_are_asked_for(operator: Operator) -> None:
    await operator.apply()
    assert operator.by_hand("GET", "actions")["results"] == []
    await operator.apply(old_names=True)
    joined = {
        tuple(step["event"] for step in action["steps"])
        for action in operator.by_hand("GET", "actions")["results"]
    }
    known = catalogue.events()
    assert joined == {(new, old) for new, old in catalogue.OLD_NAMES.items() if new in known and new != old}
    assert await operator.plan(old_names=True) == []
    assert await operator.plan() == []


async def test_events_and_properties_get_their_descriptions_once_they_were_seen(operator: Operator) -> None:
    outcome = await operator.apply()
    assert any("events were not seen by this project yet" in note for note in outcome.notes)
    operator.capture("principal_registered", principal_id="prn_1", installation_id="srv_1", colour="red")
    operator.capture("theirs")
    assert await operator.plan() == [
        "change event principal_registered (description)",
        "change property installation_id (description)",
        "change property principal_id (description)",
    ]
    await operator.apply()
    described = {
        name: text for (kind, name), text in operator.posthog.private.kept.descriptions.items() if text
    }
    assert described.keys() == {"principal_registered", "principal_id", "installation_id"}
    said = (catalogue.events()["principal_registered"].__doc__ or "").split(".")[0]
    assert described["principal_registered"].startswith(said)
    assert await operator.plan() == []


async def test_a_description_that_somebody_wrote_stays(operator: Operator) -> None:
    operator.capture("principal_registered", principal_id="prn_1")
    descriptions = operator.posthog.private.kept.descriptions
    descriptions["event", "principal_registered"] = "our own words"
    await operator.apply()
    assert descriptions["event", "principal_registered"] == "our own words"
    assert "[authsome:property/principal_id]" in descriptions["property", "principal_id"]


async def test_without_a_licence_all_but_descriptions_is_there(operator: Operator) -> None:
    operator.posthog.private.kept.licensed = False
    operator.capture("principal_registered", principal_id="prn_1")
    outcome = await operator.apply(old_names=True)
    assert "this PostHog keeps no descriptions of events" in outcome.notes
    assert "this PostHog keeps no descriptions of properties" in outcome.notes
    assert await operator.plan(old_names=True) == []
    assert len(operator.insights) == len(INSIGHTS)


async def test_a_key_without_the_optional_scopes_still_makes_the_dashboards(operator: Operator) -> None:
    operator.capture("principal_registered", principal_id="prn_1")
    operator.posthog.private.keys = {
        PERSONAL_KEY: frozenset({"dashboard:write", "insight:write", "project:read"})
    }
    outcome = await operator.apply()
    assert len(operator.insights) == len(INSIGHTS)
    assert any("event_definition:read" in note for note in outcome.notes)


async def test_a_key_that_may_only_read_descriptions_says_so_and_goes_on(operator: Operator) -> None:
    operator.capture("principal_registered", principal_id="prn_1")
    scopes = {"dashboard:write", "insight:write", "project:read"}
    optional = {"event_definition:read", "property_definition:read"}
    operator.posthog.private.keys = {PERSONAL_KEY: frozenset(scopes | optional)}
    outcome = await operator.apply()
    assert any("event_definition:write" in note for note in outcome.notes)
    assert all(change.thing not in ("event", "property") for change in outcome.changes)
