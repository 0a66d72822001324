"""The admin's page of people."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from authsome.principal.model import PrincipalState, Role
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, PagesServer

CONFIRM = {"password": PASSWORD}


async def test_an_invitation_is_shown_once_and_works(
    server: PagesServer, visitor: Visitor, another: Visitor
) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open("/principals")
    await visitor.send(CONFIRM | {"role": "admin"}, form="invite")
    assert visitor.page.status_code == 200
    url = next(tag.text for tag in visitor.document.named("code") if "/invitation/" in tag.text)
    assert url.startswith(server.address)
    assert url not in (await visitor.open("/principals")).text
    await another.open(urlsplit(url).path)
    joined = {"email": "ben@example.org", "password": PASSWORD, "password_again": PASSWORD}
    await another.send(joined)
    await another.follow()
    assert (await another.open("/principals")).status_code == 200


async def test_roles_change_and_principals_are_disabled_at_once(
    server: PagesServer, visitor: Visitor, another: Visitor
) -> None:
    ben = await server.member(await server.admin(), "ben@example.org")
    await visitor.sign_in()
    await another.sign_in("ben@example.org")
    for change, status in (("admin", 200), ("member", 403)):
        await visitor.open("/principals")
        await visitor.send(CONFIRM | {"principal": ben.id, "change": change}, form="change")
        assert "The role is changed" in (await visitor.follow()).text
        assert (await another.open("/principals")).status_code == status
    await visitor.open("/principals")
    await visitor.send(CONFIRM | {"principal": ben.id, "change": "disable"}, form="change")
    await visitor.follow()
    assert (await another.open("/")).status_code == 303
    found = await server.runtime.store.read(lambda view: view.principals.find(ben.id))
    assert found is not None
    assert (found.state, found.role) == (PrincipalState.DISABLED, Role.MEMBER)


async def test_a_reset_link_is_made_for_somebody(server: PagesServer, visitor: Visitor) -> None:
    ben = await server.member(await server.admin(), "ben@example.org")
    await visitor.sign_in()
    await visitor.open("/principals")
    await visitor.send(CONFIRM | {"principal": ben.id, "change": "reset"}, form="change")
    assert "Reset link for ben@example.org" in visitor.text
    url = next(tag.text for tag in visitor.document.named("code") if "/reset/" in tag.text)
    assert (await visitor.open(urlsplit(url).path)).status_code == 200


@pytest.mark.parametrize(
    ("form", "values", "status"),
    [
        ("invite", {"role": "owner"}, 422),
        ("invite", {"role": "member", "password": "wrong horse battery"}, 401),
        ("change", {"change": "admin", "password": ""}, 401),
        ("change", {"change": "promote"}, 422),
        ("change", {"change": "disable", "principal": "prn_" + "0" * 26}, 404),
        ("change", {"change": "disable", "principal": "x"}, 404),
        ("change", {"change": "disable"}, 403),
        ("change", {"change": "member"}, 403),
    ],
)
async def test_what_cannot_be_done_is_said_at_its_form_and_changes_nothing(
    server: PagesServer, visitor: Visitor, form: str, values: dict[str, str], status: int
) -> None:
    ann = await server.admin()
    await visitor.sign_in()
    await visitor.open("/principals")
    await visitor.send(CONFIRM | {"principal": ann.id} | values, form=form)
    assert visitor.page.status_code == status
    other = "change" if form == "invite" else "invite"
    html = visitor.page.text
    assert 'class="problems"' in html[html.index(f'id="{form}"') :][:1500]
    assert 'class="problems"' not in html[html.index(f'id="{other}"') :][:1500].partition("</form>")[0]
    kept = [name for name in await server.facts() if name != "principal_login_failed"]
    assert kept[-1] == "principal_logged_in"


@pytest.mark.parametrize("path", ["/principals", "/telemetry"])
async def test_an_admins_page_is_not_for_members(server: PagesServer, visitor: Visitor, path: str) -> None:
    await server.member(await server.admin(), "ben@example.org")
    await visitor.sign_in("ben@example.org")
    await visitor.open(path)
    assert visitor.page.status_code == 403
    assert visitor.page.headers["x-authsome-error"] == "admin_required"
    token = visitor.form().values["csrf_token"]
    answer = await visitor.client.post(path, data={"csrf_token": token, "act": "invite", **CONFIRM})
    assert answer.status_code in (403, 405)
