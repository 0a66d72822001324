"""A provider's page: connecting it without a terminal, and having it tested."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from authsome.testing.https_api import HttpsApi
from tests.e2e.pages.test_claim import connected
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PagesServer, serving

KEY = "sk-0123456789-very-secret"


@pytest.fixture
def api(tmp_path: Path) -> Iterator[HttpsApi]:
    made = HttpsApi(tmp_path / "api", KEY)
    yield made
    made.close()


@pytest.fixture
async def server(home: Path, api: HttpsApi) -> AsyncIterator[PagesServer]:
    async with serving(home, upstream_ca_file=api.ca_file) as running:
        yield running


async def add(visitor: Visitor, api: HttpsApi) -> None:
    """An admin adds the provider on its page."""
    place = f"{api.host}:{api.port}"
    definition = {
        "name": "demo",
        "display_name": "Demo",
        "hosts": [place],
        "inject": {"header": "Authorization", "template": "Bearer {api_key}"},
        "check": {"url": f"{api.url}/me"},
    }
    await visitor.open("/add-provider")
    sent = {"definition": json.dumps(definition), "private_addresses": place, "decision": "add"}
    await visitor.send(sent)


async def connect(visitor: Visitor, key: str, name: str = "default") -> None:
    await visitor.open("/providers/demo")
    await visitor.send({"name": name}, form="connect")
    await visitor.follow()
    await visitor.send({"key": key, "decision": "connect"})


async def test_it_is_connected_and_tested_without_a_terminal(
    server: PagesServer, visitor: Visitor, api: HttpsApi
) -> None:
    await server.admin()
    await visitor.sign_in()
    await add(visitor, api)
    await visitor.open("/providers/demo")
    await visitor.send(form="test")
    assert "you have not connected it" in visitor.text
    await connect(visitor, KEY)
    assert "Demo is connected" in visitor.text
    await visitor.open("/providers/demo")
    await visitor.send(form="test")
    assert visitor.page.status_code == 200
    assert "Nothing failed. Tried with demo/default." in visitor.text
    assert KEY not in visitor.page.text
    assert (await server.facts())[-1] == "provider_tested"


async def test_a_key_that_is_not_taken_is_said_and_another_takes_its_place(
    server: PagesServer, visitor: Visitor, api: HttpsApi
) -> None:
    ann = await server.admin()
    await visitor.sign_in()
    await add(visitor, api)
    await connect(visitor, "sk-an-old-key")
    await visitor.open("/providers/demo")
    await visitor.send(form="test")
    assert "answers 401 to demo/default" in visitor.text
    [before] = await server.runtime.store.read(lambda view: view.connections.list_live(ann.id))
    await visitor.open(f"/connections/{before.id}")
    assert "Give it another key" in visitor.text
    await visitor.send(form="reconnect")
    await visitor.follow()
    assert "in the place of the one that is there" in visitor.text
    await visitor.send({"key": KEY, "decision": "connect"})
    assert "Demo is connected again" in visitor.text
    await visitor.open("/providers/demo")
    await visitor.send(form="test")
    assert "Nothing failed." in visitor.text
    [after] = await server.runtime.store.read(lambda view: view.connections.list_live(ann.id))
    assert (after.id, after.version) == (before.id, before.version + 1)
    assert "connection_reauthorized" in await server.facts()


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"name": "work"}, 409, "choose another name"),
        ({"name": "a/b"}, 422, "1 to 64"),
        ({"name": "new", "flow": "device_code"}, 422, "openai can be connected by api_key only"),
    ],
)
async def test_what_cannot_begin_is_said_on_the_page_with_what_was_typed(
    server: PagesServer, visitor: Visitor, sent: dict[str, str], status: int, said: str
) -> None:
    await connected(server, await server.admin(), "work")
    await visitor.sign_in()
    await visitor.open("/providers/openai")
    fields = {**visitor.form("connect").values, **sent}
    visitor.page = await visitor.client.post("/providers/openai/connect", data=fields)
    assert visitor.page.status_code == status
    assert said in visitor.text.lower()
    assert f'value="{sent["name"]}"' in visitor.page.text


async def test_a_provider_that_no_admin_registered_says_who_has_to(
    server: PagesServer, visitor: Visitor
) -> None:
    ann = await server.admin()
    await server.member(ann, "ben@example.org")
    await visitor.sign_in("ben@example.org")
    await visitor.open("/providers/google")
    await visitor.send({"name": "default"}, form="connect")
    assert visitor.page.status_code == 409
    assert "authsome providers client google" in visitor.text
    assert "<code>authsome providers client google" in visitor.page.text


async def test_testing_is_bounded(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open("/providers/openai")
    fields = visitor.form("test").values
    statuses = []
    for _ in range(11):
        statuses.append((await visitor.client.post("/providers/openai/test", data=fields)).status_code)
    assert statuses == [200] * 10 + [503]


async def test_nobody_connects_or_tests_without_signing_in(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    for act in ("connect", "test"):
        answer = await visitor.client.post(f"/providers/openai/{act}", data={"name": "x"})
        assert answer.status_code in (303, 401, 403), act
    assert "auth_session_started" not in await server.facts()
