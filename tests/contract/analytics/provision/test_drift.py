"""What somebody changed of ours is put right again; what they put beside it stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from authsome.analytics.dashboards import DASHBOARDS
from authsome.analytics.provision.mark import key_in
from authsome.analytics.provision.wanted import everything_wanted
from tests.contract.analytics.provision.operator import QUERY, Json, Operator

WANTED = everything_wanted(DASHBOARDS, with_old_names=True)
FIRST = WANTED.dashboards[0]


@pytest.fixture
async def applied(operator: Operator) -> Operator:
    await operator.apply(old_names=True)
    return operator


def tile(operator: Operator, *, text: bool) -> Json:
    found: Json = next(one for one in operator.dashboards[0]["tiles"] if bool(one["text"]) is text)
    return found


async def mended(operator: Operator, *lines: str) -> None:
    """The plan is these lines; after an apply it is empty."""
    assert await operator.plan(old_names=True) == list(lines)
    await operator.apply(old_names=True)
    assert await operator.plan(old_names=True) == []


@pytest.mark.parametrize(("document", "what"), [({"name": "mine now"}, "name"), ({"query": QUERY}, "query")])
async def test_an_insight_is_put_right(applied: Operator, document: Json, what: str) -> None:
    first = applied.insights[0]
    name = next(one.name for one in FIRST.insights if key_in(first["description"], first["id"]) == one.key)
    applied.by_hand("PATCH", f"insights/{first['id']}", document)
    await mended(applied, f"change insight {name} ({what})")
    assert [one["name"] for one in applied.insights].count(name) == 1


async def test_an_insight_that_was_taken_down_goes_back_to_its_place(applied: Operator) -> None:
    first, tiles = applied.insights[0], applied.dashboards[0]["tiles"]
    applied.by_hand("PATCH", f"insights/{first['id']}", {"dashboards": []})
    await mended(applied, f"change insight {first['name']} (dashboards)", f"arrange one tile on {FIRST.name}")
    assert applied.dashboards[0]["tiles"] == tiles


async def test_words_added_to_a_description_go_and_the_mark_stays(applied: Operator) -> None:
    first = applied.insights[0]
    applied.by_hand(
        "PATCH", f"insights/{first['id']}", {"description": "Mine. " + first["description"][-60:]}
    )
    await mended(applied, f"change insight {first['name']} (description)")
    assert applied.insights[0] == first


async def test_a_dashboard_is_put_right(applied: Operator) -> None:
    dashboard = applied.dashboards[0]
    applied.by_hand("PATCH", f"dashboards/{dashboard['id']}", {"name": "x"})
    await mended(applied, f"change dashboard {dashboard['name']} (name)")


async def test_tiles_go_back_to_their_places(applied: Operator) -> None:
    moved = tile(applied, text=False)
    path = f"dashboards/{applied.dashboards[0]['id']}"
    applied.by_hand("PATCH", path, {"tiles": [{"id": moved["id"], "layouts": {"sm": {"x": 11}}}]})
    await mended(applied, f"arrange one tile on {FIRST.name}")
    assert tile(applied, text=False)["layouts"] == moved["layouts"]


async def test_a_text_is_put_right_and_one_that_was_taken_away_comes_back(applied: Operator) -> None:
    text = tile(applied, text=True)
    path = f"dashboards/{applied.dashboards[0]['id']}"
    written = {"id": text["text"]["id"], "body": "mine [authsome:adoption/text-1]"}
    applied.by_hand("PATCH", path, {"tiles": [{"id": text["id"], "text": written}]})
    await mended(applied, f"change text on {FIRST.name} (body, text_id)")
    assert tile(applied, text=True) == text
    applied.by_hand("PATCH", path, {"tiles": [{"id": text["id"], "deleted": True}]})
    assert f"create text on {FIRST.name}" in await applied.plan()
    await applied.apply()
    assert tile(applied, text=True)["text"]["body"] == text["text"]["body"]


async def test_a_dashboard_that_was_deleted_is_made_again_with_the_insights_that_are_left(
    applied: Operator,
) -> None:
    before = applied.insights
    applied.by_hand("PATCH", f"dashboards/{applied.dashboards[0]['id']}", {"deleted": True})
    await applied.apply(old_names=True)
    assert applied.insights == before
    assert len(applied.dashboards[0]["tiles"]) == len(FIRST.insights) + len(FIRST.texts)
    assert await applied.plan(old_names=True) == []


async def test_an_action_is_put_right(applied: Operator) -> None:
    action = applied.by_hand("GET", "actions")["results"][0]
    name = action["name"]
    applied.by_hand("PATCH", f"actions/{action['id']}", {"name": name, "steps": []})
    await mended(applied, f"change action {name} (steps)")


@pytest.mark.parametrize("kind", ["insight", "text"])
async def test_what_others_put_on_our_dashboard_stays_as_it_is(applied: Operator, kind: str) -> None:
    path = f"dashboards/{applied.dashboards[0]['id']}"
    if kind == "insight":
        made = applied.by_hand(
            "POST",
            "insights",
            {"name": "theirs", "query": QUERY, "dashboards": [applied.dashboards[0]["id"]]},
        )
        theirs: Any = made["dashboard_tiles"][0]["id"]
    else:
        theirs = applied.by_hand("PATCH", path, {"tiles": [{"text": {"body": "theirs"}}]})["tiles"][-1]["id"]
    there = next(one for one in applied.dashboards[0]["tiles"] if one["id"] == theirs)
    applied.by_hand("PATCH", f"insights/{applied.insights[0]['id']}", {"name": "x"})
    await applied.apply()
    assert next(one for one in applied.dashboards[0]["tiles"] if one["id"] == theirs) == there


async def test_our_insight_stays_on_the_dashboards_that_others_put_it_on(applied: Operator) -> None:
    first = applied.insights[0]
    theirs = applied.by_hand("POST", "dashboards", {"name": "theirs"})["id"]
    applied.by_hand("PATCH", f"insights/{first['id']}", {"dashboards": [theirs]})
    await applied.apply()
    assert await applied.plan() == []
    assert theirs in applied.by_hand("GET", f"insights/{first['id']}")["dashboards"]


async def test_filters_tags_and_pins_of_others_stay_and_a_date_range_is_told(applied: Operator) -> None:
    dashboard = applied.dashboards[0]
    installation = {"key": "installation_id", "value": ["srv_1"], "type": "event"}
    theirs = {"filters": {"properties": [installation]}, "pinned": True, "tags": ["ours"]}
    applied.by_hand("PATCH", f"dashboards/{dashboard['id']}", theirs)
    assert (await applied.apply()).notes == (await applied.apply()).notes
    after = applied.by_hand("GET", f"dashboards/{dashboard['id']}")
    assert {name: after[name] for name in theirs} == theirs
    applied.by_hand("PATCH", f"dashboards/{dashboard['id']}", {"filters": {"date_from": "-7d"}})
    outcome = await applied.apply()
    assert outcome.changes == ()
    assert any("date range of its own" in note for note in outcome.notes)


async def test_a_tile_that_a_later_version_gave_up_goes(applied: Operator) -> None:
    *kept, gone = FIRST.insights
    fewer = replace(FIRST, insights=tuple(kept))
    wanted = replace(WANTED, dashboards=(fewer, *WANTED.dashboards[1:]))
    outcome = await applied.apply(wanted)
    assert [(change.verb, change.name) for change in outcome.changes] == [("remove", gone.name)]
    assert gone.name not in [one["name"] for one in applied.insights]


async def test_a_whole_dashboard_that_was_given_up_goes_and_leaves_others_theirs(applied: Operator) -> None:
    theirs = applied.by_hand(
        "POST", "insights", {"name": "theirs", "query": QUERY, "dashboards": [applied.dashboards[0]["id"]]}
    )
    await applied.apply(replace(WANTED, dashboards=WANTED.dashboards[1:]))
    assert FIRST.name not in [one["name"] for one in applied.dashboards]
    assert theirs["id"] in [one["id"] for one in applied.insights]
