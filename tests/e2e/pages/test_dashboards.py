"""The pages of numbers over HTTP: who sees which, what an address chooses, files, and what cannot be read."""

from __future__ import annotations

import csv
import io

import pytest

from authsome.server.web.headers import CONTENT_SECURITY_POLICY
from tests.e2e.pages.test_claim import connected
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import Agent, PagesServer
from tests.support.waiting import eventually_async

FOR_ADMINS = ("adoption", "reliability")


async def lived_in(server: PagesServer, visitor: Visitor, agent: Agent) -> None:
    """Ann is an admin and has one connection; an agent has registered; all of it is counted."""
    await connected(server, await server.admin())
    await agent.register()
    await visitor.sign_in()

    async def counted() -> bool:
        await visitor.open("/analytics/adoption?days=7")
        return "1 identity registered" in visitor.text and "OpenAI leads" in visitor.text

    await eventually_async(counted, what="the count")
    await all_counted(server)


async def all_counted(server: PagesServer) -> None:
    """Until no fact is left to count, such as that somebody signed in just now."""

    async def counted() -> bool:
        return (await server.runtime.analytics.answer("adoption")).lag == 0

    await eventually_async(counted, what="the end of the log")


async def test_analytics_shows_what_was_counted(server: PagesServer, visitor: Visitor, agent: Agent) -> None:
    await lived_in(server, visitor, agent)
    assert "1 principal in all now; 1 new in the last 7 days" in visitor.text
    assert "100% completed in the last 7 days: 1 of 1 auth session" in visitor.text
    titles = [tag.text for tag in visitor.document.named("h2")]
    answer = await server.runtime.analytics.answer("adoption")
    assert [tile.title for tile in answer.tiles] == titles[1:]


async def test_every_tile_says_its_question_and_its_definition(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.sign_in()
    for name in FOR_ADMINS:
        await visitor.open(f"/analytics/{name}")
        for tile in (await server.runtime.analytics.answer(name)).tiles:
            for words in (tile.title, tile.question, *tile.definition.split()[:1], tile.healthy):
                assert " ".join(words.split()) in visitor.text, (tile.key, words)


async def test_analytics_leads_an_admin_to_adoption_and_a_member_to_their_own(
    server: PagesServer, visitor: Visitor, another: Visitor
) -> None:
    ann = await server.admin()
    await server.member(ann, "ben@example.org")
    await visitor.sign_in()
    await another.sign_in("ben@example.org")
    assert (await visitor.open("/analytics?days=7")).headers["location"] == "/analytics/adoption?days=7"
    assert (await another.open("/analytics?days=7")).headers["location"] == "/analytics/mine?days=7"


async def test_a_member_is_shown_the_way_to_their_own_numbers(server: PagesServer, visitor: Visitor) -> None:
    await server.member(await server.admin(), "ben@example.org")
    await visitor.sign_in("ben@example.org")
    for name in FOR_ADMINS:
        for path in (name, f"{name}/auth_sessions.csv", f"{name}/auth_sessions.json"):
            answer = await visitor.open(f"/analytics/{path}")
            assert answer.status_code == 403, path
            assert answer.headers["x-authsome-error"] == "dashboard_for_admins"
            assert "/analytics/mine" in {tag.attributes["href"] for tag in visitor.document.named("a")}
    assert (await visitor.open("/analytics/mine")).status_code == 200
    links = {tag.attributes["href"] for tag in visitor.document.named("a")}
    assert not {f"/analytics/{name}" for name in FOR_ADMINS} & links


async def test_ones_own_numbers_have_nothing_of_anybody_else(
    server: PagesServer, visitor: Visitor, another: Visitor, agent: Agent
) -> None:
    await server.member(await server.admin(), "ben@example.org")
    ann = await server.runtime.store.read(lambda view: view.principals.find_by_email("ann@example.org"))
    assert ann
    await connected(server, ann)
    await visitor.sign_in()
    await another.sign_in("ben@example.org")

    async def counted() -> bool:
        await visitor.open("/analytics/mine")
        return "1 connection open now" in visitor.text

    await eventually_async(counted, what="the count")
    await another.open("/analytics/mine")
    assert "1 connection open now" not in another.text
    assert "Nothing was connected" in another.text or "No provider was connected" in another.text


async def test_whose_an_identity_is_is_not_told_to_others(
    server: PagesServer, visitor: Visitor, another: Visitor, agent: Agent
) -> None:
    await server.member(await server.admin(), "ben@example.org")
    handle = (await agent.register())["handle"]
    await another.sign_in("ben@example.org")
    for asked in (handle, "calm-nobody-nowhere-0000"):
        answer = await another.open(f"/analytics/mine?identity={asked}")
        assert answer.status_code == 422
        assert "You have no identity with this handle." in another.text
    await visitor.sign_in()
    assert (await visitor.open(f"/analytics/adoption?identity={handle}")).status_code == 200
    assert (await visitor.open("/analytics/adoption?identity=calm-nobody-nowhere-0000")).status_code == 422


@pytest.mark.parametrize(
    ("query", "shown"),
    [("days=7", "7 days"), ("days=90", "90 days"), ("days=365", "365 days"), ("", "30 days")],
)
async def test_the_range_of_the_address_is_marked(
    server: PagesServer, visitor: Visitor, query: str, shown: str
) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open(f"/analytics/adoption?{query}")
    current = [tag for tag in visitor.document.named("a") if tag.attributes.get("aria-current") == "true"]
    assert [tag.text for tag in current] == [shown, "Week" if shown == "365 days" else "Day"]


async def test_every_link_of_a_page_keeps_the_choices(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    await lived_in(server, visitor, agent)
    await visitor.open("/analytics/adoption?since=2026-01-01&until=2026-01-31&bucket=week&provider=openai")
    hrefs = [tag.attributes["href"] for tag in visitor.document.named("a") if "main" in tag.inside]
    kept = [one for one in hrefs if one.startswith("/analytics/") and "/analytics/mine" not in one]
    files = [one for one in kept if ".csv" in one or ".json" in one]
    assert len(files) > 9
    for one in files:
        assert "since=2026-01-01&until=2026-01-31&bucket=week&provider=openai" in one
    assert all("provider=openai" in one for one in kept if one not in _cleared(visitor))
    form = {
        tag.attributes["name"]: tag for tag in visitor.document.named("input") if "name" in tag.attributes
    }
    assert form["since"].attributes["value"] == "2026-01-01"
    assert form["bucket"].attributes["value"] == "week"


def _cleared(visitor: Visitor) -> list[str]:
    return [tag.attributes["href"] for tag in visitor.document.named("a") if tag.text == "Clear filters"]


async def test_an_address_that_cannot_be_read_shows_no_numbers_and_says_what_is_wrong(
    server: PagesServer, visitor: Visitor
) -> None:
    await server.admin()
    await visitor.sign_in()
    answer = await visitor.open("/analytics/adoption?days=8000&bucket=hour&since=x&identity=me")
    assert answer.status_code == 422
    assert not visitor.document.named("article")
    for said in ("from 1 to 730", "day, week or month", "That is not a day", "not a handle"):
        assert said in visitor.text
    for path in ("adoption/principals.csv", "adoption/principals.json"):
        answer = await visitor.open(f"/analytics/{path}?days=8000")
        assert answer.status_code == 422
        assert "Days: Choose a number" in visitor.text or "days: Choose a number" in visitor.text


async def test_a_file_has_the_numbers_of_the_answer(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    await lived_in(server, visitor, agent)
    for name in FOR_ADMINS:
        answer = (await server.runtime.analytics.answer(name)).to_json()
        for key, tile in answer["tiles"].items():
            found = await visitor.open(f"/analytics/{name}/{key}.json")
            assert found.headers["content-type"] == "application/json"
            same = found.json()["tiles"][key]
            assert {**same, "headline": None, "lanes": None} == {**tile, "headline": None, "lanes": None}
            sheet = await visitor.open(f"/analytics/{name}/{key}.csv")
            assert sheet.headers["content-type"].startswith("text/csv")
            assert sheet.headers["content-disposition"].startswith('attachment; filename="authsome-')
            assert sheet.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
            assert len(list(csv.reader(io.StringIO(sheet.text)))) >= 1, key
    table = list(csv.reader(io.StringIO((await visitor.open("/analytics/adoption/principals.csv")).text)))
    assert table[0] == ["Day (UTC)", "In all (principals)", "New (principals)"]
    assert table[-1][1:] == ["1", "1"]


async def test_a_file_that_is_not_there_is_refused(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.sign_in()
    for path in ("adoption/nothing.csv", "adoption/nothing.json", "nothing/principals.csv"):
        assert (await visitor.open(f"/analytics/{path}")).status_code == 404, path
    assert (await visitor.open("/analytics/adoption/principals.csv?table=nothing")).status_code == 404
    assert (await visitor.open("/analytics/nothing")).status_code == 404


async def test_a_stranger_is_asked_to_sign_in_and_led_back(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    answer = await visitor.open("/analytics/reliability?days=7")
    assert answer.headers["location"] == "/log-in?next=%2Fanalytics%2Freliability%3Fdays%3D7"
    assert (await visitor.open("/analytics/mine/denials.csv")).status_code == 303
