"""Connecting a provider by its own page: there, and back, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from authsome.auth_session.model import FailureReason
from authsome.connection.find import open_tokens
from authsome.connection.model import ConnectionState, Flow
from authsome.testing.oauth.serve import CLIENT_ID, CLIENT_SECRET, OAuthProvider
from tests.e2e.pages.authorizing import (
    begin,
    changed,
    connections,
    decide,
    leave,
    offered,
    serving_beside,
    session_of,
)
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PagesServer, serving


@pytest.fixture
def provider(tmp_path: Path) -> OAuthProvider:
    return OAuthProvider(tmp_path / "acme", redirect_uri="")


@pytest.fixture
async def server(home: Path, provider: OAuthProvider) -> AsyncIterator[PagesServer]:
    async with serving_beside(provider, home) as running:
        yield running


async def test_a_provider_is_connected_by_its_own_page(
    server: PagesServer, visitor: Visitor, provider: OAuthProvider
) -> None:
    link = await begin(server, await offered(server, provider))
    await visitor.sign_in()
    await visitor.open(link)
    assert provider.place in visitor.text
    assert "read write" in visitor.text
    away = await leave(visitor, link)
    sent = dict(parse_qsl(urlsplit(away).query))
    assert (sent["code_challenge_method"], sent["scope"], sent["client_id"]) == (
        "S256",
        "read write",
        CLIENT_ID,
    )
    assert CLIENT_SECRET not in away
    await visitor.open(await decide(provider, away))
    assert "is sealed as default" in visitor.text
    assert (await server.facts())[-2:] == ["connection_created", "auth_session_completed"]
    (made,) = await connections(server)
    runtime = server.runtime
    tokens = await runtime.store.read(lambda view: open_tokens(view, runtime.keeper, connection=made))
    assert provider.server.is_live(tokens.access.reveal())
    assert (made.flow, made.is_refreshable, tokens.scopes) == (
        Flow.AUTHORIZATION_CODE,
        True,
        ("read", "write"),
    )
    for path in ("/connections", "/providers", "/"):
        await visitor.open(path)
        assert tokens.access.reveal() not in visitor.page.text
    assert (await visitor.open(link)).status_code == 410


async def test_an_answer_works_once(server: PagesServer, visitor: Visitor, provider: OAuthProvider) -> None:
    link = await begin(server, await offered(server, provider))
    await visitor.sign_in()
    back = await decide(provider, await leave(visitor, link))
    await visitor.open(back)
    head = await server.head()
    assert (await visitor.open(back)).status_code == 403
    assert visitor.page.headers["x-authsome-error"] == "answer_foreign"
    assert await server.head() == head
    assert provider.server.requests == ["granted"], "the code was not sent a second time"


async def test_going_again_makes_the_answer_of_the_time_before_worthless(
    server: PagesServer, visitor: Visitor, provider: OAuthProvider
) -> None:
    link = await begin(server, await offered(server, provider))
    await visitor.sign_in()
    first = await decide(provider, await leave(visitor, link))
    second = await decide(provider, await leave(visitor, link))
    assert (await visitor.open(first)).status_code == 403
    assert (await visitor.open(second)).status_code == 200


async def test_an_answer_is_for_the_browser_that_left_and_for_no_other(
    server: PagesServer, visitor: Visitor, provider: OAuthProvider
) -> None:
    """Neither somebody else's nor another one of the same person: a link that was sent to them."""
    ann = await offered(server, provider)
    await server.member(ann, "ben@example.org")
    link = await begin(server, ann)
    await visitor.sign_in()
    back = await decide(provider, await leave(visitor, link))
    for email in ("ben@example.org", "ann@example.org"):
        another = Visitor(server.address)
        await another.sign_in(email)
        assert (await another.open(back)).status_code == 403
        assert await connections(server) == []
        await another.close()
    assert (await visitor.open(back)).status_code == 200, "and it was not used up by that"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"iss": "https://evil.example"}, FailureReason.ISSUER_MISMATCH),
        ({"iss": None}, FailureReason.ISSUER_MISMATCH),
        ({"code": None}, FailureReason.PROVIDER_REFUSED),
        ({"code": None, "error": "access_denied"}, FailureReason.ACCESS_DENIED),
        ({"error": "server_error"}, FailureReason.PROVIDER_REFUSED),
        ({"iss": "https://evil.example", "error": "access_denied"}, FailureReason.ISSUER_MISMATCH),
        ({"code": "guessed"}, FailureReason.CODE_REFUSED),
    ],
)
async def test_an_answer_that_is_not_right_fails_the_session_and_says_why(
    server: PagesServer,
    visitor: Visitor,
    provider: OAuthProvider,
    values: dict[str, str | None],
    reason: FailureReason,
) -> None:
    link = await begin(server, await offered(server, provider))
    await visitor.sign_in()
    back = await decide(provider, await leave(visitor, link))
    await visitor.open(changed(back, **values))
    assert "was not connected" in visitor.document.named("h1")[0].text
    assert "What to do" in visitor.text
    assert await session_of(server) == ("failed", reason)
    assert (await server.facts())[-1] == "auth_session_failed"
    assert await connections(server) == []
    expected = ["invalid_grant"] if reason is FailureReason.CODE_REFUSED else []
    assert provider.server.requests == expected, "a code of a wrong answer leaves for nobody"
    assert (await visitor.open(back)).status_code == 403


@pytest.mark.parametrize("query", ["", "code=x", "state=", "state=guessed&code=x", "state=a&state=b&code=x"])
async def test_what_no_provider_sends_changes_nothing(
    server: PagesServer, visitor: Visitor, provider: OAuthProvider, query: str
) -> None:
    await offered(server, provider)
    await visitor.sign_in()
    head = await server.head()
    assert (await visitor.open(f"/auth/callback?{query}")).status_code == 403
    assert await server.head() == head


async def test_a_person_who_says_no_there_has_stored_nothing_here(
    server: PagesServer, visitor: Visitor, provider: OAuthProvider
) -> None:
    provider.consents = False
    link = await begin(server, await offered(server, provider))
    await visitor.sign_in()
    await visitor.open(await decide(provider, await leave(visitor, link)))
    assert "Access was not allowed" in visitor.text
    assert await session_of(server) == ("failed", FailureReason.ACCESS_DENIED)


async def test_a_provider_that_is_away_fails_the_session(
    server: PagesServer, visitor: Visitor, provider: OAuthProvider
) -> None:
    link = await begin(server, await offered(server, provider))
    await visitor.sign_in()
    back = await decide(provider, await leave(visitor, link))
    provider.fails_with = (503, {})
    await visitor.open(back)
    assert await session_of(server) == ("failed", FailureReason.PROVIDER_UNREACHABLE)


async def test_a_session_goes_on_after_a_restart(home: Path, provider: OAuthProvider) -> None:
    """Nothing of it is in memory: who comes back to another process is known there."""
    async with serving(home, upstream_ca_file=provider.ca_file) as server:
        provider.server.client.redirect_uri = f"{server.address}/auth/callback"
        link = await begin(server, await offered(server, provider))
        visitor = Visitor(server.address)
        await visitor.sign_in()
        back = await decide(provider, await leave(visitor, link))
    async with serving(home, upstream_ca_file=provider.ca_file, base_url=server.address) as again:
        headers = {"host": server.address.removeprefix("http://")}
        other = httpx.AsyncClient(base_url=again.address, cookies=visitor.client.cookies, headers=headers)
        answer = await other.get(back)
        assert answer.status_code == 200, answer.text
        assert "Acme is connected" in answer.text
        await other.aclose()
    await visitor.close()


async def test_a_broken_connection_is_connected_again_in_its_place(
    server: PagesServer, visitor: Visitor, provider: OAuthProvider
) -> None:
    ann = await offered(server, provider)
    await visitor.sign_in()
    await visitor.open(await decide(provider, await leave(visitor, await begin(server, ann))))
    (made,) = await connections(server)
    provider.server.revoke_all()
    with pytest.raises(Exception, match="withdrawn"):
        await server.runtime.renewals.renew(made)
    await visitor.open("/connections")
    assert "needs reconnection" in visitor.text
    await visitor.open(f"/connections/{made.id}")
    assert "authsome login acme --connection default" in visitor.text
    link = await begin(server, ann)
    await visitor.open(link)
    assert "in the place of the one that is there" in visitor.text
    await visitor.open(await decide(provider, await leave(visitor, link)))
    assert "is connected again" in visitor.document.named("h1")[0].text
    (again,) = await connections(server)
    assert (again.id, again.state, again.reason, again.version) == (
        made.id,
        ConnectionState.CONNECTED,
        None,
        2,
    )
    told = ["connection_reauthorized", "connection_mended", "auth_session_completed"]
    assert (await server.facts())[-3:] == told


async def test_a_cancelled_session_sends_nobody_anywhere(
    server: PagesServer, visitor: Visitor, provider: OAuthProvider
) -> None:
    link = await begin(server, await offered(server, provider))
    await visitor.sign_in()
    await visitor.open(link)
    await visitor.send({"decision": "cancel"})
    assert await session_of(server) == ("cancelled", None)
