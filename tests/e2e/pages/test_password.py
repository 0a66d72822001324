"""One's own password, changed on its page."""

from __future__ import annotations

import pytest

from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, PagesServer

NEW = "another horse battery"


async def test_the_new_one_counts_here_the_session_goes_on_and_elsewhere_it_ends(
    server: PagesServer, visitor: Visitor, another: Visitor
) -> None:
    await server.admin()
    await visitor.sign_in()
    await another.sign_in()
    await visitor.open("/password")
    await visitor.send({"old": PASSWORD, "password": NEW, "password_again": NEW}, form="change")
    assert "The password is changed" in (await visitor.follow()).text
    assert (await another.open("/")).status_code == 303
    await another.open("/log-in")
    await another.send({"email": "ann@example.org", "password": PASSWORD})
    assert another.page.status_code == 401
    await another.sign_in(password=NEW)
    assert another.page.status_code == 200


@pytest.mark.parametrize(
    ("values", "status", "field"),
    [
        ({"old": "wrong horse battery"}, 401, "old"),
        ({"old": ""}, 401, "old"),
        ({"password": "short", "password_again": "short"}, 422, "password"),
        ({"password_again": "other horse battery"}, 422, "password_again"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_changes_nothing(
    server: PagesServer, visitor: Visitor, values: dict[str, str], status: int, field: str
) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open("/password")
    await visitor.send({"old": PASSWORD, "password": NEW, "password_again": NEW} | values, form="change")
    assert visitor.page.status_code == status
    assert f'id="change-{field}-error"' in visitor.page.text
    assert NEW not in visitor.page.text
    assert "principal_password_changed" not in await server.facts()
    await visitor.open("/password")
    await visitor.send({"old": PASSWORD, "password": NEW, "password_again": NEW}, form="change")
    assert visitor.page.status_code == 303


async def test_nobody_signed_in_is_asked_to(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.open("/password")
    assert visitor.page.headers["location"].startswith("/log-in")
