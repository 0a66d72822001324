"""The set-up link, invitations and reset links."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from authsome.principal.invite import invite, offer_reset
from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, PagesServer

ANN = {
    "email": "ann@example.org",
    "display_name": "Ann",
    "password": PASSWORD,
    "password_again": PASSWORD,
}


async def test_the_set_up_link_makes_an_admin_who_is_signed_in(server: PagesServer, visitor: Visitor) -> None:
    await visitor.open(await server.set_up_link())
    assert visitor.page.status_code == 200
    await visitor.send(ANN)
    await visitor.follow()
    assert visitor.page.status_code == 200
    assert "Getting started" in visitor.text
    assert (await visitor.open("/principals")).status_code == 200
    assert "Ann" in visitor.page.text


async def test_a_set_up_link_works_once(server: PagesServer, visitor: Visitor, another: Visitor) -> None:
    link = await server.set_up_link()
    await visitor.open(link)
    await another.open(link)
    await visitor.send(ANN)
    await another.send(ANN | {"email": "eve@example.org"})
    assert (visitor.page.status_code, another.page.status_code) == (303, 410)
    assert another.page.headers["x-authsome-error"] == "link_invalid"
    assert (await visitor.open(link)).status_code == 410


async def test_a_form_sent_twice_at_once_makes_one_admin(server: PagesServer, visitor: Visitor) -> None:
    await visitor.open(await server.set_up_link())
    form = visitor.form()
    answers = await asyncio.gather(
        *(visitor.client.post(form.action, data=form.values | ANN) for _ in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [303] + [410] * 5
    assert (await server.facts()).count("principal_registered") == 1


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"email": "not an address"}, "email"),
        ({"email": "a" * 300 + "@example.org"}, "email"),
        ({"display_name": "Ann\u202eevil"}, "display_name"),
        ({"display_name": "x" * 101}, "display_name"),
        ({"password": "short", "password_again": "short"}, "password"),
        ({"password_again": "something else entirely"}, "password_again"),
    ],
)
async def test_a_wrong_field_is_said_beside_it_and_nothing_changes(
    server: PagesServer, visitor: Visitor, wrong: dict[str, str], at: str
) -> None:
    await visitor.open(await server.set_up_link())
    before = await server.head()
    await visitor.send(ANN | wrong)
    assert visitor.page.status_code == 422
    assert f'id="set-up-{at}-error"' in visitor.page.text
    assert visitor.form().values["display_name"] == (ANN | wrong)["display_name"][:512]
    assert PASSWORD not in visitor.page.text
    assert await server.head() == before
    await visitor.send(ANN)
    assert visitor.page.status_code == 303


async def test_an_invitation_lets_in_one_member_by_an_e_mail_that_is_free(
    server: PagesServer, visitor: Visitor, another: Visitor
) -> None:
    ann = await server.admin()
    await server.member(ann, "ben@example.org")
    _, token = await server.runtime.store.write(ann.as_caller(), invite)
    await visitor.open(f"/invitation/{token.reveal()}")
    assert "ann@example.org invites you" in visitor.text
    await visitor.send(ANN | {"email": "Ben@Example.org"})
    assert visitor.page.status_code == 409
    assert "exists already" in visitor.text
    await visitor.send(ANN | {"email": "cleo@example.org"})
    await visitor.follow()
    assert (await visitor.open("/principals")).status_code == 403
    assert (await another.open(f"/invitation/{token.reveal()}")).status_code == 410


async def test_a_link_of_one_kind_is_no_link_of_another(server: PagesServer, visitor: Visitor) -> None:
    ann = await server.admin()
    _, invitation = await server.runtime.store.write(ann.as_caller(), invite)
    reset = await server.runtime.store.write(
        replace(ann.as_caller(), confirmed=True), lambda work: offer_reset(work, principal_id=ann.id)
    )
    for path in (f"/set-up/{invitation.reveal()}", f"/reset/{invitation.reveal()}"):
        assert (await visitor.open(path)).status_code == 410
    for path in (f"/set-up/{reset.reveal()}", f"/invitation/{reset.reveal()}", "/invitation/x"):
        assert (await visitor.open(path)).status_code == 410


async def test_a_reset_ends_all_sessions_and_asks_for_the_new_password(
    server: PagesServer, visitor: Visitor, another: Visitor
) -> None:
    ann = await server.admin()
    await visitor.sign_in()
    token = await server.runtime.store.write(
        replace(ann.as_caller(), confirmed=True), lambda work: offer_reset(work, principal_id=ann.id)
    )
    await another.open(f"/reset/{token.reveal()}")
    await another.send({"password": "short", "password_again": "short"})
    assert another.page.status_code == 422
    new = "an entirely new password"
    await another.send({"password": new, "password_again": new})
    await another.follow()
    assert "The new password is set" in another.text
    await another.send({"email": "ann@example.org", "password": new})
    assert another.page.status_code == 303
    assert (await visitor.open("/")).headers["location"].startswith("/log-in")
    assert (await another.open(f"/reset/{token.reveal()}")).status_code == 410
