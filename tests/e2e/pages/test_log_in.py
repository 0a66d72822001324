"""Signing in and out, and the cookie in between."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from authsome.principal.log_in import PER_PRINCIPAL
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, PagesServer, serving

WRONG = "wrong horse battery"


async def test_signing_in_leads_to_where_one_was_going(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.open("/agents?after=x")
    assert visitor.page.headers["location"] == "/log-in?next=%2Fagents%3Fafter%3Dx"
    await visitor.follow()
    await visitor.send({"email": "ann@example.org", "password": PASSWORD})
    assert visitor.page.headers["location"] == "/agents?after=x"
    assert (await visitor.follow()).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/" + "x" * 2000,
        "",
    ],
)
async def test_a_way_back_stays_on_this_server(server: PagesServer, visitor: Visitor, address: str) -> None:
    await server.admin()
    visitor.page = await visitor.client.get("/log-in", params={"next": address})
    assert visitor.form().values["next"] == "/"
    await visitor.send({"email": "ann@example.org", "password": PASSWORD, "next": address})
    assert visitor.page.headers["location"] == "/"
    visitor.page = await visitor.client.get("/log-in", params={"next": address})
    assert visitor.page.headers["location"] == "/"


async def test_logging_out_ends_the_session_on_the_server(
    server: PagesServer, visitor: Visitor, another: Visitor
) -> None:
    await server.admin()
    await visitor.sign_in()
    cookie = visitor.client.cookies["authsome"]
    another.client.cookies.set("authsome", cookie)
    assert (await another.open("/")).status_code == 200
    await visitor.open("/")
    assert visitor.form().action == "/log-out"
    await visitor.send()
    assert "authsome" not in visitor.client.cookies
    assert (await another.open("/")).status_code == 303
    assert (await server.facts())[-1] == "principal_logged_out"


async def test_each_log_in_makes_a_new_session_and_ends_the_one_before(
    server: PagesServer, visitor: Visitor, another: Visitor
) -> None:
    await server.admin()
    another.client.cookies.set("authsome", "planted-by-somebody-else", domain="localhost.local")
    await another.sign_in()
    first = another.client.cookies["authsome"]
    assert first != "planted-by-somebody-else"
    await visitor.open("/log-in")
    visitor.client.cookies.set("authsome", first, domain="localhost.local")
    await visitor.send({"email": "ann@example.org", "password": PASSWORD})
    assert visitor.page.headers["set-cookie"].split("=")[1].split(";")[0] != first
    assert (await another.open("/")).status_code == 303


async def test_a_wrong_password_and_an_unknown_e_mail_cost_and_look_the_same(
    server: PagesServer, visitor: Visitor
) -> None:
    await server.admin()
    said, cost = [], []
    for email in ("ann@example.org", "nobody@example.org"):
        await visitor.open("/log-in")
        before = server.hasher.asked
        await visitor.send({"email": email, "password": WRONG})
        cost.append(server.hasher.asked - before)
        said.append((visitor.page.status_code, visitor.text))
        assert visitor.form().values["email"] == email
    assert cost == [1, 1]
    assert said[0] == said[1]
    assert said[0][0] == 401


async def test_guessing_is_stopped_before_anything_is_hashed(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.open("/log-in")
    for _ in range(PER_PRINCIPAL):
        await visitor.send({"email": "ann@example.org", "password": WRONG})
        assert visitor.page.status_code == 401
    before = server.hasher.asked
    await visitor.send({"email": "ann@example.org", "password": PASSWORD})
    assert visitor.page.status_code == 503
    assert visitor.page.headers["x-authsome-error"] == "too_many_attempts"
    assert server.hasher.asked == before
    assert "set-cookie" not in visitor.page.headers


async def test_the_cookies_are_for_this_host_and_no_script(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.open("/log-in")
    await visitor.send({"email": "ann@example.org", "password": PASSWORD})
    cookies = visitor.page.headers.get_list("set-cookie")
    session = next(one for one in cookies if one.startswith("authsome="))
    assert {part.strip().lower() for part in session.split(";")[1:]} == {"httponly", "path=/", "samesite=lax"}


async def test_on_https_the_cookies_are_secure_and_bound_to_the_host_by_name(home: Path) -> None:
    async with serving(home, base_url="https://gateway.example.org") as server:
        await server.admin()
        async with httpx.AsyncClient(
            base_url=server.address, headers={"host": "gateway.example.org"}
        ) as client:
            first = await client.get("/log-in")
            form_cookie = first.headers["set-cookie"]
            assert form_cookie.startswith("__Host-authsome-form=")
            reader = Visitor(server.address)
            reader.page = first
            values = reader.form().values | {"email": "ann@example.org", "password": PASSWORD}
            answer = await client.post(
                "/log-in", data=values, headers={"cookie": form_cookie.partition(";")[0]}
            )
            await reader.close()
        made = [one for one in answer.headers.get_list("set-cookie") if one.startswith("__Host-authsome=")]
        for cookie in (form_cookie, *made):
            parts = {part.strip().lower() for part in cookie.split(";")[1:]}
            assert parts == {"httponly", "path=/", "samesite=lax", "secure"}
        assert made


async def test_a_session_of_nobody_opens_nothing(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    for token in ("x", "x" * 5000, "%00", "authsome"):
        visitor.client.cookies.set("authsome", token)
        assert (await visitor.open("/agents")).status_code == 303
        visitor.client.cookies.clear()
