"""The connections' page."""

from __future__ import annotations

import pytest

from tests.e2e.pages.test_claim import connected
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, PagesServer


async def test_a_connection_is_revoked_with_the_password(server: PagesServer, visitor: Visitor) -> None:
    ann = await server.admin()
    kept, leaked = await connected(server, ann, "kept"), await connected(server, ann, "leaked")
    await visitor.sign_in()
    await visitor.open("/connections")
    await visitor.send({"connection": leaked, "password": PASSWORD}, form="revoke")
    await visitor.follow()
    assert "The connection is revoked" in visitor.text
    assert "leaked" not in visitor.text.replace("The connection is revoked", "")
    live = await server.runtime.store.read(lambda view: view.connections.list_live(ann.id))
    assert [connection.id for connection in live] == [kept]


@pytest.mark.parametrize("password", ["", "wrong horse battery"])
async def test_nothing_is_revoked_without_it(server: PagesServer, visitor: Visitor, password: str) -> None:
    ann = await server.admin()
    first, second = await connected(server, ann, "first"), await connected(server, ann, "second")
    await visitor.sign_in()
    await visitor.open("/connections")
    await visitor.send({"connection": second, "password": password}, form="revoke")
    assert visitor.page.status_code == 401
    chosen = [tag for tag in visitor.document.named("option") if "selected" in tag.attributes]
    assert [tag.attributes["value"] for tag in chosen] == [second]
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
    for connection in (theirs, "con_" + "0" * 26, "x", ""):
        await visitor.open("/connections")
        await visitor.send({"connection": connection, "password": PASSWORD}, form="revoke")
        assert visitor.page.status_code == 404
    live = await server.runtime.store.read(lambda view: view.connections.list_live(ann.id))
    assert len(live) == 1


async def test_providers_are_listed_with_the_command_that_connects_them(
    server: PagesServer, visitor: Visitor
) -> None:
    await connected(server, await server.admin())
    await visitor.sign_in()
    await visitor.open("/providers")
    assert "authsome login openai" in visitor.text
    assert "api.openai.com" in visitor.text
