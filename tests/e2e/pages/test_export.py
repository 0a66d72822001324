"""Taking a secret out on its page: once, with the password, and kept nowhere."""

from __future__ import annotations

import pytest

from authsome.connection.find import open_secret
from tests.e2e.pages.test_claim import connected
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, Agent, PagesServer

SHOW, DOWNLOAD = {"password": PASSWORD, "decision": "show"}, {"password": PASSWORD, "decision": "download"}


async def secret_of(server: PagesServer, connection_id: str) -> str:
    """As it is sealed."""
    runtime = server.runtime
    one = await runtime.store.read(lambda view: view.connections.find(connection_id))
    assert one is not None
    found = await runtime.store.read(lambda view: open_secret(view, runtime.keeper, connection=one))
    return found.reveal()


async def test_it_is_shown_once_and_no_copy_is_kept(server: PagesServer, visitor: Visitor) -> None:
    mine = await connected(server, await server.admin(), "mine")
    key = await secret_of(server, mine)
    await visitor.sign_in()
    await visitor.open(f"/connections/{mine}/export")
    assert "past the gateway" in visitor.text
    await visitor.send(SHOW, form="export")
    assert visitor.page.status_code == 200
    assert key in visitor.text
    assert visitor.page.headers["cache-control"] == "no-store"
    assert key not in (await visitor.open(f"/connections/{mine}/export")).text
    assert (await server.facts())[-1] == "credentials_exported"


async def test_it_is_downloaded_as_a_file_of_its_own(server: PagesServer, visitor: Visitor) -> None:
    mine = await connected(server, await server.admin(), "mine")
    await visitor.sign_in()
    await visitor.open(f"/connections/{mine}/export")
    await visitor.send(DOWNLOAD, form="export")
    assert visitor.page.headers["content-disposition"] == 'attachment; filename="openai-mine.json"'
    assert visitor.page.headers["cache-control"] == "no-store"
    assert visitor.page.json()["api_key"] == await secret_of(server, mine)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"password": "wrong horse battery", "decision": "show"}, 401),
        ({"password": "", "decision": "download"}, 401),
        ({"password": PASSWORD, "decision": "mail"}, 422),
    ],
)
async def test_nothing_comes_out_otherwise(
    server: PagesServer, visitor: Visitor, sent: dict[str, str], status: int
) -> None:
    mine = await connected(server, await server.admin(), "mine")
    await visitor.sign_in()
    await visitor.open(f"/connections/{mine}/export")
    await visitor.send(sent, form="export")
    assert visitor.page.status_code == status
    assert await secret_of(server, mine) not in visitor.page.text
    assert "credentials_exported" not in await server.facts()


async def test_somebody_elses_is_not_there_and_no_signed_request_gets_one(
    server: PagesServer, visitor: Visitor, agent: Agent
) -> None:
    ann = await server.admin()
    theirs = await connected(server, await server.member(ann, "ben@example.org"), "bens")
    await visitor.sign_in()
    assert (await visitor.open(f"/connections/{theirs}/export")).status_code == 404
    await agent.register()
    for path in (f"/connections/{theirs}/export", f"/api/connections/{theirs}/export"):
        assert (await agent.ask("POST", path)).status_code in (401, 403, 404, 405, 422)
    assert "credentials_exported" not in await server.facts()
