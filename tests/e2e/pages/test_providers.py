"""The page of providers: what there is, and finding one of them."""

from __future__ import annotations

from tests.e2e.pages.visitor import Visitor
from tests.support.pages_server import PagesServer


async def test_a_search_shows_what_fits_and_is_an_address_to_keep(
    server: PagesServer, visitor: Visitor
) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open("/providers")
    assert "authsome login stripe" in visitor.text
    await visitor.open("/providers?search=OpenAI")
    assert "1 of " in visitor.text
    assert "authsome login openai" in visitor.text
    assert "authsome login stripe" not in visitor.text
    await visitor.open("/providers?search=https%3A%2F%2Fapi.stripe.com%2Fv1")
    assert "authsome login stripe" in visitor.text
    await visitor.open("/providers?category=payments")
    assert "authsome login stripe" in visitor.text
    assert "authsome login openai" not in visitor.text
    await visitor.open("/providers?category=payments&search=openai")
    assert "No provider fits “openai” in that kind" in visitor.text
    await visitor.open("/providers?category=nonsense")
    assert "authsome login openai" in visitor.text


async def test_a_search_that_finds_nothing_leads_on(server: PagesServer, visitor: Visitor) -> None:
    await server.admin()
    await visitor.sign_in()
    await visitor.open("/providers?search=<b>mainframe")
    assert visitor.page.status_code == 200
    assert "No provider fits “<b>mainframe”" in visitor.text
    assert "/providers" in [tag.attributes.get("href") for tag in visitor.document.named("a")]
    await visitor.open("/providers?search=" + "x" * 5_000)
    assert visitor.page.status_code == 200
