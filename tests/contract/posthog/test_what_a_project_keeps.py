"""The simulated project keeps dashboards, insights and actions as PostHog does, with each of its traps."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft7Validator

from authsome.testing.posthog import PostHogSimulator
from authsome.testing.posthog.private import PERSONAL_KEY, PROJECT_ID
from authsome.testing.posthog.private.kept.nodes import INSIGHTS, UNDERSTOOD, definitions, fault

Json = dict[str, Any]
DASHBOARDS = Path(__file__).resolve().parents[3] / "dashboards/posthog"
QUERY: Json = {
    "kind": "InsightVizNode",
    "source": {"kind": "TrendsQuery", "series": [{"kind": "EventsNode", "event": "principal_registered"}]},
}


class Asked:
    """The private API, asked by hand."""

    def __init__(self, posthog: PostHogSimulator) -> None:
        self.client = httpx.Client(
            base_url=f"{posthog.url}/api/projects/{PROJECT_ID}/",
            headers={"Authorization": f"Bearer {PERSONAL_KEY}"},
        )

    def __call__(self, method: str, path: str, document: Json | None = None) -> httpx.Response:
        return self.client.request(method, path, json=document)

    def made(self, path: str, **document: Any) -> Json:
        answer = self("POST", path, document)
        assert answer.status_code == 201, answer.text
        made: Json = answer.json()
        return made

    def changed(self, path: str, **document: Any) -> Json:
        answer = self("PATCH", path, document)
        assert answer.status_code == 200, answer.text
        changed: Json = answer.json()
        return changed

    def got(self, path: str) -> Json:
        got: Json = self("GET", path).json()
        return got


@pytest.fixture
def asked(posthog: PostHogSimulator) -> Iterator[Asked]:
    asking = Asked(posthog)
    yield asking
    asking.client.close()


def test_tiles_that_come_with_a_new_dashboard_are_dropped(asked: Asked) -> None:
    made = asked.made("dashboards/", name="x", tiles=[{"text": {"body": "hello"}}])
    assert made["tiles"] == []
    assert asked.got(f"dashboards/{made['id']}/")["tiles"] == []


def test_two_dashboards_may_have_one_name(asked: Asked) -> None:
    assert asked.made("dashboards/", name="x")["id"] != asked.made("dashboards/", name="x")["id"]
    assert [one["name"] for one in asked.got("dashboards/")["results"]] == ["x", "x"]


def test_a_list_shows_a_hundred_and_says_where_it_goes_on(asked: Asked) -> None:
    for number in range(103):
        asked.made("insights/", name=f"{number}", query=QUERY)
    first = asked.got("insights/?basic=true")
    assert (first["count"], len(first["results"])) == (103, 100)
    assert "query" not in first["results"][0]
    rest = httpx.get(first["next"], headers={"Authorization": f"Bearer {PERSONAL_KEY}"}).json()
    assert ([one["name"] for one in rest["results"]], rest["next"]) == (["2", "1", "0"], None)


def test_an_insights_dashboards_are_replaced_and_not_added_to(asked: Asked) -> None:
    one, other = (asked.made("dashboards/", name=name)["id"] for name in "ab")
    made = asked.made("insights/", name="x", query=QUERY, dashboards=[one])
    (tile,) = made["dashboard_tiles"]
    asked.changed(f"dashboards/{one}/", tiles=[{"id": tile["id"], "layouts": {"sm": {"x": 3}}}])
    assert asked.changed(f"insights/{made['id']}/", dashboards=[other])["dashboards"] == [other]
    assert asked.got(f"dashboards/{one}/")["tiles"] == []
    assert asked.changed(f"insights/{made['id']}/", name="y")["dashboards"] == [other]
    back = asked.changed(f"insights/{made['id']}/", dashboards=[one, other])
    assert back["dashboards"] == [one, other]
    assert asked.got(f"dashboards/{one}/")["tiles"][0]["layouts"] == {"sm": {"x": 3}}


def test_what_is_deleted_is_patched_and_not_deleted(asked: Asked) -> None:
    dashboard = asked.made("dashboards/", name="x")["id"]
    insight = asked.made("insights/", name="x", query=QUERY, dashboards=[dashboard])["id"]
    action = asked.made("actions/", name="x", steps=[])["id"]
    for path in (f"dashboards/{dashboard}/", f"insights/{insight}/", f"actions/{action}/"):
        assert asked("DELETE", path).status_code == 405
    asked.changed(f"dashboards/{dashboard}/", deleted=True)
    assert asked("GET", f"dashboards/{dashboard}/").status_code == 404
    assert asked("PATCH", f"dashboards/{dashboard}/", {"name": "y"}).status_code == 404
    assert asked.got("dashboards/")["results"] == []
    assert asked.got(f"insights/{insight}/")["dashboards"] == []
    restored = asked.changed(f"dashboards/{dashboard}/", deleted=False)
    assert [tile["insight"]["id"] for tile in restored["tiles"]] == [insight]
    asked.changed(f"dashboards/{dashboard}/", deleted=True, delete_insights=True)
    assert asked("GET", f"insights/{insight}/").status_code == 404


def test_a_query_is_answered_with_more_than_was_written(asked: Asked) -> None:
    made = asked.made("insights/", name="x", query=QUERY)
    assert made["query"] != QUERY
    assert made["query"]["source"]["series"][0]["event"] == "principal_registered"


def test_a_dashboard_mixes_its_filters_into_what_it_shows_and_cannot_be_rid_of_them(asked: Asked) -> None:
    dashboard = asked.made("dashboards/", name="x", filters={"date_from": "-7d"})["id"]
    insight = asked.made("insights/", name="x", query=QUERY, dashboards=[dashboard])["id"]
    shown = asked.changed(f"dashboards/{dashboard}/", filters={})["tiles"][0]["insight"]["query"]
    assert shown["source"]["dateRange"]["date_from"] == "-7d"
    assert "dateRange" not in asked.got(f"insights/{insight}/")["query"]["source"]


def test_texts_come_by_a_patch_and_other_tiles_need_their_id(asked: Asked) -> None:
    dashboard = asked.made("dashboards/", name="x")["id"]
    path = f"dashboards/{dashboard}/"
    (tile,) = asked.changed(path, tiles=[{"text": {"body": " one "}, "layouts": {"sm": {"x": 1}}}])["tiles"]
    assert (tile["text"]["body"], tile["layouts"]) == ("one", {"sm": {"x": 1}})
    text = {"id": tile["text"]["id"], "body": "two"}
    (again,) = asked.changed(path, tiles=[{"id": tile["id"], "text": text}])["tiles"]
    assert (again["text"], again["layouts"]) == (text, {"sm": {"x": 1}})
    assert asked("PATCH", path, {"tiles": [{"layouts": {}}]}).status_code == 500
    assert asked("PATCH", path, {"tiles": [{"text": {"body": "x" * 4001}}]}).status_code == 400
    assert asked.changed(path, tiles=[{"id": tile["id"], "deleted": True}])["tiles"] == []


@pytest.mark.parametrize(
    ("document", "attr"),
    [
        ({"name": "x"}, "query"),
        ({"name": "x" * 401, "query": QUERY}, "name"),
        ({"description": "x" * 401, "query": QUERY}, "description"),
        ({"query": QUERY, "dashboards": [999]}, "dashboards"),
        ({"query": QUERY, "dashboards": ["1"]}, "dashboards"),
        ({"query": QUERY, "tags": "authsome"}, "tags"),
        ({"query": {"kind": "EventsQuery"}}, "query"),
        ({"query": {**QUERY, "filters": {}}}, "query"),
    ],
)
def test_an_insight_that_is_wrong_somewhere_is_refused(asked: Asked, document: Json, attr: str) -> None:
    answer = asked("POST", "insights/", document)
    assert (answer.status_code, answer.json()["attr"]) == (400, attr)


def test_an_actions_name_is_its_own_and_is_given_with_each_change(asked: Asked) -> None:
    made = asked.made("actions/", name="x", steps=[{"event": "a"}])
    assert made["steps"][0]["selector"] is None
    taken = asked("POST", "actions/", {"name": "x"})
    assert (taken.status_code, taken.json()["code"]) == (400, "unique")
    assert asked("PATCH", f"actions/{made['id']}/", {"deleted": True}).status_code == 400
    assert asked.changed(f"actions/{made['id']}/", name="x", deleted=True)["deleted"] is True
    assert asked.got("actions/") == {"results": []}
    asked.made("actions/", name="x")


def test_without_a_licence_tags_are_forgotten_and_descriptions_refused(
    posthog: PostHogSimulator, asked: Asked
) -> None:
    capture(posthog, "principal_registered", {"principal_id": "prn_1"})
    assert asked.made("dashboards/", name="x", tags=["authsome"])["tags"] == ["authsome"]
    (event,) = asked.got("event_definitions/")["results"]
    assert asked.changed(f"event_definitions/{event['id']}/", description="new")["description"] == "new"
    posthog.private.kept.licensed = False
    assert asked.made("dashboards/", name="x", tags=["authsome"])["tags"] == []
    (event,) = asked.got("event_definitions/")["results"]
    assert "description" not in event
    assert asked("PATCH", f"event_definitions/{event['id']}/", {"description": "x"}).status_code == 400
    (prop,) = asked.got("property_definitions/?properties=principal_id")["results"]
    assert asked("PATCH", f"property_definitions/{prop['id']}/", {"description": "x"}).status_code == 402


def test_each_resource_has_a_scope_of_its_own(posthog: PostHogSimulator, asked: Asked) -> None:
    posthog.private.keys = {PERSONAL_KEY: frozenset({"dashboard:read"})}
    assert asked("GET", "dashboards/").status_code == 200
    for method, path in (("POST", "dashboards/"), ("GET", "insights/"), ("GET", ""), ("GET", "actions/")):
        assert asked(method, path, {} if method == "POST" else None).status_code == 403, path


def test_insights_have_a_limit_of_their_own(posthog: PostHogSimulator, asked: Asked) -> None:
    codes = [asked("GET", "insights/?limit=1").status_code for _ in range(241)]
    assert (codes[239], codes[240]) == (200, 429)
    assert asked("GET", "dashboards/").status_code == 200


def test_the_check_of_queries_says_what_posthogs_schema_says() -> None:
    """Our own reading of the schema against a whole one, on what we ship and on each way to break it."""
    compared = 0
    for path in sorted(DASHBOARDS.glob("*.json")):
        for tile in json.loads(path.read_text("utf-8"))["tiles"]:
            if tile["type"] == "INSIGHT":
                for query in (tile["query"], *broken(tile["query"])):
                    assert (fault(query) is None) is valid(query), query
                    compared += 1
    assert compared > 100


def test_the_check_understands_every_word_of_the_schema() -> None:
    used: set[str] = set()

    def collect(schema: Any) -> None:
        if isinstance(schema, list):
            for part in schema:
                collect(part)
        if isinstance(schema, dict):
            used.update(schema)
            for word, part in schema.items():
                collect(list(part.values()) if word == "properties" else part)

    collect(list(definitions().values()))
    assert used == UNDERSTOOD


def valid(query: Json) -> bool:
    whole = {"definitions": definitions(), "$ref": f"#/definitions/{query.get('kind')}"}
    return query.get("kind") in INSIGHTS and Draft7Validator(whole).is_valid(query)


def broken(node: Json) -> list[Json]:
    """The query with, once each, every key gone, every value of another type, and a key too many."""
    found: list[Json] = []

    def at(path: tuple[Any, ...], value: Any) -> None:
        for change in (remove, replace, add):
            copied = copy.deepcopy(node)
            holder: Any = copied
            for step in path[:-1]:
                holder = holder[step]
            if path and change(holder, path[-1]):
                found.append(copied)
        inner = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for step, part in inner:
            at((*path, step), part)

    at((), node)
    return found


def remove(holder: Any, step: Any) -> bool:
    del holder[step]
    return True


def replace(holder: Any, step: Any) -> bool:
    holder[step] = 7 if isinstance(holder[step], str) else "seven"
    return True


def add(holder: Any, step: Any) -> bool:
    if not isinstance(holder[step], dict):
        return False
    holder[step]["not_there"] = True
    return True


def capture(posthog: PostHogSimulator, event: str, properties: Json) -> None:
    one = {"event": event, "distinct_id": "prn_1", "properties": properties}
    sent = httpx.post(f"{posthog.url}/batch/", json={"api_key": posthog.key, "batch": [one]})
    assert sent.status_code == 200
