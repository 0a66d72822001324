"""Whose form is it, and what may be in one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, PagesServer

LOG_IN = {"email": "ann@example.org", "password": PASSWORD}
INVITE = {"role": "member", "password": PASSWORD}


@pytest.mark.parametrize("token", ["", "x", "0" * 64])
async def test_a_form_without_its_token_is_refused_before_the_log_in(
    server: PagesServer, visitor: Visitor, token: str
) -> None:
    await server.admin()
    before = await server.head()
    await visitor.open("/log-in")
    await visitor.send(LOG_IN | {"csrf_token": token})
    assert visitor.page.status_code == 403
    assert visitor.page.headers["x-authsome-error"] == "form_foreign"
    assert await server.head() == before


async def test_a_form_without_its_token_is_refused_in_a_session(
    server: PagesServer, visitor: Visitor
) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open("/principals")
    right = visitor.form("invite").values["csrf_token"]
    for token in ("", right[:-1], right + "0", "0" * 64, "é"):
        await visitor.open("/principals")
        await visitor.send(INVITE | {"csrf_token": token}, form="invite")
        assert visitor.page.status_code == 403, token
    assert (await server.facts())[-1] == "principal_logged_in"


async def test_a_token_is_good_for_one_session_only(
    server: PagesServer, visitor: Visitor, another: Visitor
) -> None:
    ann = await server.admin()
    await server.member(ann, "ben@example.org")
    await visitor.sign_in()
    await another.sign_in("ben@example.org")
    await visitor.open("/connections")
    await another.open("/")
    stolen = another.form().values["csrf_token"]
    await visitor.client.post("/log-out", data={"csrf_token": stolen})
    assert (await visitor.open("/")).status_code == 200


async def test_a_token_from_before_the_log_in_is_no_good_after_it(
    server: PagesServer, visitor: Visitor
) -> None:
    await server.admin()
    await visitor.open("/log-in")
    early = visitor.form().values["csrf_token"]
    await visitor.send(LOG_IN)
    answer = await visitor.client.post("/log-out", data={"csrf_token": early})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://localhost:1"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 303),
        ({"sec-fetch-site": "none"}, 303),
        ({"origin": "null"}, 303),
        ({}, 303),
    ],
)
async def test_what_another_site_sends_is_refused_even_with_the_right_token(
    server: PagesServer, visitor: Visitor, headers: dict[str, str], status: int
) -> None:
    await server.admin()
    await visitor.open("/log-in")
    await visitor.send(LOG_IN, **headers)
    assert visitor.page.status_code == status
    assert ("principal_logged_in" in await server.facts()) is (status == 303)


async def test_our_own_origin_is_no_other_site(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.open("/log-in")
    await visitor.send(LOG_IN, origin=server.address)
    assert visitor.page.status_code == 303


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (
            "multipart/form-data; boundary=x",
            b'--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb\r\n--x--',
        ),
        ("text/plain", b"email=a"),
        ("application/json", b"{}"),
        ("application/x-www-form-urlencoded", b"x=%ff%fe"),
        ("application/x-www-form-urlencoded", b"x=\xff"),
        ("application/x-www-form-urlencoded", b"x=a%00b"),
        ("application/x-www-form-urlencoded", b"a=1&" * 600),
        ("", b""),
    ],
)
async def test_what_no_form_of_ours_sends_is_refused(
    server: PagesServer, visitor: Visitor, content_type: str, body: bytes
) -> None:
    await server.admin()
    await visitor.open("/log-in")
    token = visitor.form().values["csrf_token"].encode()
    body = b"csrf_token=%b&email=ann%%40example.org&%b" % (token, body)
    answer = await visitor.client.post("/log-in", content=body, headers={"content-type": content_type})
    assert answer.status_code == 422
    assert ">Sign in</h1>" not in answer.text  # refused as a form, before anything in it was looked at


async def test_a_form_of_a_megabyte_is_refused(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.open("/log-in")
    await visitor.send(LOG_IN | {"email": "x" * 1_000_000})
    assert visitor.page.status_code == 413
    assert "principal_logged_in" not in await server.facts()


@pytest.mark.parametrize("path", ["/log-in", "/api/identities"])
async def test_a_body_that_does_not_say_its_length_is_cut_off_too(
    server: PagesServer, visitor: Visitor, path: str
) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(250):
            yield b"a=" + b"x" * 4_000

    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = await visitor.client.post(path, content=body(), headers=form)
    assert answer.status_code == 413


async def test_another_host_is_refused(server: PagesServer, visitor: Visitor) -> None:
    for host in ("evil.example", "localhost", "127.0.0.1:80", "localhost:1"):
        answer = await visitor.client.get("/log-in", headers={"host": host})
        assert answer.status_code == 421, host


@pytest.mark.parametrize(
    "path", ["/principals", "/connections/con_x/revoke", "/agents/a", "/claim/x", "/connect/x", "/log-out"]
)
async def test_a_form_after_the_session_has_ended_asks_to_sign_in_and_changes_nothing(
    server: PagesServer, visitor: Visitor, path: str
) -> None:
    await server.admin()
    before = await server.head()
    visitor.page = await visitor.client.post(path, data={"csrf_token": "x"})
    assert visitor.page.status_code == 401
    assert visitor.form().action == "/log-in"
    assert await server.head() == before
