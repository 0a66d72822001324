"""Typing a provider's key."""

from __future__ import annotations

import pytest

from authsome.auth_session.start import start
from authsome.principal.model import Principal
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PagesServer

KEY = "sk-0123456789-very-secret"
CONNECT = {"decision": "connect", "key": KEY}


async def begin(server: PagesServer, principal: Principal, name: str = "work") -> str:
    _, token = await server.runtime.store.write(
        principal.as_caller(), lambda work: start(work, provider="openai", name=name)
    )
    return f"/connect/{token.reveal()}"


async def test_a_key_is_sealed_and_never_shown(server: PagesServer, visitor: Visitor) -> None:
    link = await begin(server, await server.admin())
    await visitor.sign_in()
    await visitor.open(link)
    assert "api.openai.com" in visitor.text
    await visitor.send(CONNECT)
    assert visitor.page.status_code == 200
    assert "The key is sealed as work" in visitor.text
    assert (await server.facts())[-2:] == ["connection_created", "auth_session_completed"]
    for path in (link, "/connections", "/"):
        await visitor.open(path)
        assert KEY not in visitor.page.text
    assert (await visitor.open(link)).status_code == 410


@pytest.mark.parametrize("key", ["", " ", "two words", "line\r\nInjected: yes", "x" * 5000, "clé", "🔑"])
async def test_a_key_that_is_none_leaves_the_session_open(
    server: PagesServer, visitor: Visitor, key: str
) -> None:
    link = await begin(server, await server.admin())
    await visitor.sign_in()
    await visitor.open(link)
    before = await server.head()
    await visitor.send(CONNECT | {"key": key})
    assert visitor.page.status_code == 422
    assert 'id="key-key-error"' in visitor.page.text
    assert not key.strip() or key not in visitor.page.text
    assert await server.head() == before
    await visitor.send(CONNECT | {"key": f"  {KEY}\n"})
    assert visitor.page.status_code == 200


async def test_somebody_elses_link_opens_nothing(
    server: PagesServer, visitor: Visitor, another: Visitor
) -> None:
    ann = await server.admin()
    await server.member(ann, "ben@example.org")
    link = await begin(server, ann)
    await another.sign_in("ben@example.org")
    assert (await another.open(link)).status_code == 410
    await another.open("/")
    token = another.form().values["csrf_token"]
    answer = await another.client.post(link, data=CONNECT | {"csrf_token": token})
    assert answer.status_code == 410
    assert "connection_created" not in await server.facts()


async def test_cancelling_stores_nothing(server: PagesServer, visitor: Visitor) -> None:
    link = await begin(server, await server.admin())
    await visitor.sign_in()
    await visitor.open(link)
    await visitor.send({"decision": "cancel"})
    assert "nothing was stored" in visitor.text
    assert (await server.facts())[-1] == "auth_session_cancelled"
    assert (await visitor.open(link)).status_code == 410


async def test_a_name_that_was_taken_meanwhile_fails_the_session_and_says_so(
    server: PagesServer, visitor: Visitor
) -> None:
    ann = await server.admin()
    first, second = await begin(server, ann), await begin(server, ann)
    await visitor.sign_in()
    await visitor.open(first)
    await visitor.send(CONNECT)
    await visitor.open(second)
    await visitor.send(CONNECT)
    assert visitor.page.status_code == 409
    assert "exists already" in visitor.text
    assert (await server.facts())[-1] == "auth_session_failed"
