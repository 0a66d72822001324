"""The admin's page on which the past may leave."""

from __future__ import annotations

from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, PagesServer

PAGE = "/telemetry/export-past?since=2020-01-31"


async def test_where_nothing_is_sent_the_past_is_not_either(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open(PAGE)
    assert "2020-01-31" in visitor.text
    await visitor.send({"password": PASSWORD})
    assert visitor.page.status_code == 409
    assert "Nothing is sent now" in visitor.text


async def test_it_asks_for_the_password_again(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open(PAGE)
    await visitor.send({"password": "not mine"})
    assert visitor.page.status_code in (401, 403)


async def test_a_day_that_is_none_is_refused(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.sign_in()
    assert (await visitor.open("/telemetry/export-past?since=soon")).status_code == 422


async def test_a_member_does_not_decide_it(server: PagesServer, visitor: Visitor) -> None:
    await server.member(await server.admin(), "ben@example.org")
    await visitor.sign_in("ben@example.org")
    assert (await visitor.open(PAGE)).status_code == 403
