"""The page of providers: what there is, and finding one of them."""

from __future__ import annotations

import json

from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PASSWORD, PagesServer


async def test_a_search_shows_what_fits_and_is_an_address_to_keep(
    server: PagesServer, visitor: Visitor
) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open("/providers")
    assert "/providers/stripe#connect" in visitor.page.text
    await visitor.open("/providers?search=OpenAI")
    assert "1 of " in visitor.text
    assert "/providers/openai#connect" in visitor.page.text
    assert "/providers/stripe#connect" not in visitor.page.text
    await visitor.open("/providers?search=https%3A%2F%2Fapi.stripe.com%2Fv1")
    assert "/providers/stripe#connect" in visitor.page.text
    await visitor.open("/providers?category=payments")
    assert "/providers/stripe#connect" in visitor.page.text
    assert "/providers/openai#connect" not in visitor.page.text
    await visitor.open("/providers?category=payments&search=openai")
    assert "No provider fits “openai” in that kind" in visitor.text
    await visitor.open("/providers?category=nonsense")
    assert "/providers/openai#connect" in visitor.page.text


async def test_a_search_that_finds_nothing_leads_on(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open("/providers?search=<b>mainframe")
    assert visitor.page.status_code == 200
    assert "No provider fits “<b>mainframe”" in visitor.text
    assert "/providers" in [tag.attributes.get("href") for tag in visitor.document.named("a")]
    await visitor.open("/providers?search=" + "x" * 5_000)
    assert visitor.page.status_code == 200


ACME = {
    "name": "acme",
    "display_name": "Acme",
    "hosts": ["api.acme.test"],
    "inject": {"header": "X-Key", "template": "{api_key}"},
    "key_label": "API key",
}


def acme(*hosts: str) -> str:
    return json.dumps(ACME | {"hosts": list(hosts)})


async def test_an_admin_adds_a_provider_after_checking_it(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open("/add-provider")
    assert "api.acme.example" in visitor.form("add").values["definition"]
    await visitor.send({"definition": acme("api.acme.test"), "decision": "check"}, form="add")
    assert "nothing is in its way" in visitor.text
    assert visitor.form("add").values["definition"] == acme("api.acme.test")
    await visitor.send({"decision": "add"}, form="add")
    await visitor.follow()
    assert '"api.acme.test"' in visitor.text
    await visitor.open("/providers?search=acme")
    assert "added here" in visitor.text


async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open("/add-provider")
    for typed, said in (
        ("{", "is not JSON"),
        (acme("https://api.acme.test"), "https://api.acme.test"),
        (acme("api.openai.com"), "overlaps with the hosts of openai"),
        (acme("localhost"), "on a private network"),
    ):
        await visitor.send({"definition": typed, "decision": "add"}, form="add")
        assert visitor.page.status_code in (409, 422)
        assert said in visitor.text
        assert visitor.form("add").values["definition"] == typed
    await visitor.send({"private_addresses": "localhost:443", "decision": "add"}, form="add")
    await visitor.follow()
    assert "localhost:443" in visitor.text


async def test_a_change_is_shown_and_then_confirmed(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open("/add-provider")
    await visitor.send({"definition": acme("api.acme.test"), "decision": "add"}, form="add")
    await visitor.follow()
    await visitor.send(form="change")
    assert "The provider is like this already" in visitor.text
    await visitor.send({"definition": acme("elsewhere.test")}, form="change")
    await visitor.follow()
    assert "Secrets would go to elsewhere.test, where they do not go yet." in visitor.text
    await visitor.send({"password": "wrong"}, form="amendment")
    assert "Secrets would go to elsewhere.test" in visitor.text
    await visitor.send({"password": PASSWORD}, form="amendment")
    assert "The provider is changed" in visitor.text
    await visitor.open("/providers/acme")
    assert '"elsewhere.test"' in visitor.text
    await visitor.send(form="remove")
    await visitor.follow()
    await visitor.send({"password": PASSWORD}, form="amendment")
    assert "The provider is removed" in visitor.text
    assert (await visitor.open("/providers/acme")).status_code == 404


async def test_what_was_shown_is_done_or_it_is_shown_again(
    server: PagesServer, visitor: Visitor, another: Visitor
) -> None:
    await server.admin()
    await visitor.sign_in()
    await another.sign_in()
    await visitor.open("/add-provider")
    await visitor.send({"definition": acme("api.acme.test"), "decision": "add"}, form="add")
    for browser, host in ((visitor, "one.test"), (another, "two.test")):
        await browser.open("/providers/acme")
        await browser.send({"definition": acme(host)}, form="change")
        await browser.follow()
    await visitor.send({"password": PASSWORD}, form="amendment")
    await another.send({"password": PASSWORD}, form="amendment")
    assert another.page.status_code == 409
    assert "changed by somebody else since" in another.text
    assert "Requests to one.test are refused" in another.text, "the effect as it is now"


async def test_only_an_admin_can_change_anything(
    server: PagesServer, visitor: Visitor, another: Visitor
) -> None:
    ann = await server.admin()
    await visitor.sign_in()
    await visitor.open("/providers/stripe")
    await visitor.send({"definition": acme("api.acme.test")}, form="change")
    assert "of acme, and not of stripe" in visitor.text
    await server.member(ann, "ben@example.org")
    await another.sign_in("ben@example.org")
    await another.open("/providers")
    assert "Add a provider" not in another.text
    await another.open("/providers/stripe")
    assert '"api.stripe.com"' in another.text
    assert [tag.attributes.get("id") for tag in another.document.named("form")][1:] == ["connect", "test"]
    for path in ("/add-provider", "/amendments/amd_1"):
        assert (await another.open(path)).status_code == 403
    await visitor.open("/amendments/amd_1")
    assert visitor.page.status_code == 404
