"""The connections' page."""

from __future__ import annotations

import pytest

from tests.e2e.pages.test_agents import claimed, granted_now
from tests.e2e.pages.test_claim import connected
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, Agent, PagesServer


async def test_a_connection_is_revoked_with_the_password(server: PagesServer, visitor: Visitor) -> None:
    ann = await server.admin()
    kept, leaked = await connected(server, ann, "kept"), await connected(server, ann, "leaked")
    await visitor.sign_in()
    await visitor.open(f"/connections/{leaked}")
    await visitor.send({"password": PASSWORD}, form="revoke")
    await visitor.follow()
    assert "The connection is revoked" in visitor.text
    assert "delete the access on its own page" in visitor.text
    live = await server.runtime.store.read(lambda view: view.connections.list_live(ann.id))
    assert [connection.id for connection in live] == [kept]


@pytest.mark.parametrize("password", ["", "wrong horse battery"])
async def test_nothing_is_revoked_without_it(server: PagesServer, visitor: Visitor, password: str) -> None:
    ann = await server.admin()
    first, second = await connected(server, ann, "first"), await connected(server, ann, "second")
    await visitor.sign_in()
    await visitor.open(f"/connections/{second}")
    await visitor.send({"password": password}, form="revoke")
    assert visitor.page.status_code == 401
    live = await server.runtime.store.read(lambda view: view.connections.list_live(ann.id))
    assert sorted(connection.id for connection in live) == sorted([first, second])


async def test_a_member_sees_and_revokes_their_own_only(server: PagesServer, visitor: Visitor) -> None:
    ann = await server.admin()
    ben = await server.member(ann, "ben@example.org")
    theirs = await connected(server, ann, "of-ann")
    await connected(server, ben, "of-ben")
    await visitor.sign_in("ben@example.org")
    await visitor.open("/connections")
    assert "of-ann" not in visitor.page.text
    for connection in (theirs, "con_" + "0" * 26, "x"):
        assert (await visitor.open(f"/connections/{connection}")).status_code == 404
        for act in ("reconnect", "default", "share", "unshare", "log-out", "revoke"):
            await visitor.open("/password")
            fields = {**visitor.form().values, "password": PASSWORD}
            answer = await visitor.client.post(f"/connections/{connection}/{act}", data=fields)
            assert answer.status_code == 404, act
    live = await server.runtime.store.read(lambda view: view.connections.list_live(ann.id))
    assert len(live) == 1


async def test_the_default_is_chosen_on_its_page(server: PagesServer, visitor: Visitor) -> None:
    ann = await server.admin()
    await connected(server, ann, "first")
    second = await connected(server, ann, "second")
    await visitor.sign_in()
    await visitor.open(f"/connections/{second}")
    await visitor.send(form="default")
    await visitor.follow()
    assert "the one that is meant from now on" in visitor.page.text
    live = await server.runtime.store.read(lambda view: view.connections.list_live(ann.id))
    assert [connection.id for connection in live if connection.is_default] == [second]


async def test_an_admin_shares_with_the_password_and_others_grant_it_on_their_agents_page(
    server: PagesServer, visitor: Visitor, another: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    ben = await server.member(ann, "ben@example.org")
    team = await connected(server, ann, "team")
    await visitor.sign_in()
    await visitor.open(f"/connections/{team}")
    await visitor.send({"password": "wrong horse battery"}, form="share")
    assert visitor.page.status_code == 401
    await visitor.send({"password": PASSWORD}, form="share")
    await visitor.follow()
    assert "It is shared" in visitor.page.text
    await another.sign_in("ben@example.org")
    await another.open("/connections")
    assert "shared by another" in another.text
    await another.open(f"/connections/{team}")
    assert [tag for tag in another.document.named("form") if tag.attributes.get("id")] == []
    await another.open(f"/agents/{await claimed(server, agent, ben)}")
    assert "shared with everybody" in another.text
    await another.send({"connection": [team], "password": PASSWORD}, form="grants")
    await another.follow()
    assert await granted_now(server) == [team]
    await visitor.open(f"/connections/{team}")
    await visitor.send(form="unshare")
    await visitor.follow()
    assert await granted_now(server) == []


async def test_a_member_is_offered_no_sharing_and_cannot_force_it(
    server: PagesServer, visitor: Visitor
) -> None:
    ben = await server.member(await server.admin(), "ben@example.org")
    mine = await connected(server, ben, "mine")
    await visitor.sign_in("ben@example.org")
    await visitor.open(f"/connections/{mine}")
    assert "Share it" not in visitor.text
    fields = {**visitor.form("revoke").values, "password": PASSWORD}
    answer = await visitor.client.post(f"/connections/{mine}/share", data=fields)
    assert answer.status_code == 403
    assert "connection_shared" not in await server.facts()


async def test_logging_out_forgets_the_secret_here_and_says_what_that_means(
    server: PagesServer, visitor: Visitor
) -> None:
    ann = await server.admin()
    mine = await connected(server, ann, "mine")
    await visitor.sign_in()
    await visitor.open(f"/connections/{mine}")
    await visitor.send(form="log_out")
    await visitor.follow()
    assert "the provider still takes it" in visitor.page.text
    assert "put away here only" in visitor.text
    assert (await server.facts())[-1] == "connection_logged_out"
    assert (await visitor.open(f"/connections/{mine}")).status_code == 404


async def test_providers_are_listed_with_the_way_to_connect_them(
    server: PagesServer, visitor: Visitor
) -> None:
    await connected(server, await server.admin())
    await visitor.sign_in()
    await visitor.open("/providers")
    assert "/providers/openai#connect" in [tag.attributes.get("href") for tag in visitor.document.named("a")]
    assert "api.openai.com" in visitor.text
