"""Newer numbers come by themselves, and nothing that a person did is undone by them."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.dashboards.test_what_can_be_done import tile
from tests.browser.watching import Tab
from tests.support.pages_server import PagesServer
from tests.support.waiting import eventually_async

PLACE = "document.activeElement.getBoundingClientRect().top"
AWAY = "Object.defineProperty(document, 'hidden', { get: () => window.away === true })"
EVERY = 16_000  # more than the 15 seconds after which an open page asks again


async def open_page(server: PagesServer, page: Page) -> None:
    """With a clock of the test's, so that nobody waits for real seconds."""
    await page.clock.install()
    await page.goto(f"{server.address}/analytics/adoption")


async def somebody_registers(server: PagesServer) -> None:
    found = await server.runtime.store.read(lambda view: view.principals.find_by_email("ann@example.org"))
    assert found
    await server.member(found, "cleo@example.org")

    async def counted() -> bool:
        return (await server.runtime.analytics.answer("adoption")).lag == 0

    await eventually_async(counted, what="the registration in the numbers")


async def test_a_registration_is_seen_without_touching_the_page(server: PagesServer, tab: Tab) -> None:
    await open_page(server, tab.page)
    found = tile(tab.page, "Registered principals")
    await expect(found.locator(".answer")).to_contain_text("122 principals in all now")
    await somebody_registers(server)
    await tab.page.clock.run_for(EVERY)
    await expect(found.locator(".answer")).to_contain_text("123 principals in all now")
    await expect(found.get_by_role("img", name="123 principals in all now")).to_be_visible()
    await expect(tab.page.locator("#figures")).to_contain_text("123")


async def test_what_a_person_did_stays_when_numbers_change(server: PagesServer, tab: Tab) -> None:
    page = tab.page
    await open_page(server, page)
    found, other = tile(page, "Registered principals"), tile(page, "Identities registered and claimed")
    await found.locator("summary", has_text="By day").click()
    await found.get_by_role("button", name="Closer").click()
    await other.get_by_role("button", name="Rejected").click()
    await found.get_by_role("button", name="Closer").focus()
    await page.evaluate("scrollTo(0, 600)")
    place = await page.evaluate(PLACE)
    await somebody_registers(server)
    await page.clock.run_for(EVERY)
    await expect(found.locator(".answer")).to_contain_text("123 principals")
    await expect(found.get_by_role("region", name="By day").get_by_role("row").nth(1)).to_contain_text("123")
    await expect(found.get_by_text("12 Nov to 26 Nov 2026")).to_be_visible()
    await expect(other.get_by_role("button", name="Rejected")).to_have_attribute("aria-pressed", "false")
    await expect(found.get_by_role("button", name="Closer")).to_be_focused()
    assert abs(await page.evaluate(PLACE) - place) < 1  # where it was, whatever grew above it


async def test_a_paused_page_asks_for_nothing_until_it_is_told_to(server: PagesServer, tab: Tab) -> None:
    page = tab.page
    await open_page(server, page)
    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_role("button", name="Paused")).to_have_attribute("aria-pressed", "true")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await somebody_registers(server)
    await page.clock.run_for(EVERY * 4)
    assert asked == []
    await page.get_by_role("button", name="Refresh").click()
    await expect(tile(page, "Registered principals").locator(".answer")).to_contain_text("123 principals")


async def test_a_page_that_nobody_sees_asks_for_nothing(server: PagesServer, tab: Tab) -> None:
    page = tab.page
    await page.add_init_script(
        "Object.defineProperty(document, 'hidden', { get: () => window.away === true })"
    )
    await open_page(server, page)
    await page.evaluate("window.away = true")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.clock.run_for(EVERY * 4)
    assert asked == []
    await page.evaluate("window.away = false")
    async with page.expect_request("**/analytics/adoption"):
        await page.clock.run_for(1_000)


async def test_a_refresh_that_fails_says_so_and_keeps_the_numbers(server: PagesServer, tab: Tab) -> None:
    page = tab.page
    await open_page(server, page)
    await page.route("**/analytics/adoption", lambda route: route.abort())
    await page.clock.run_for(EVERY)
    said = page.locator("[data-live-said]")
    await expect(said).to_contain_text("The server cannot be reached.")
    await expect(said).to_contain_text("Not refreshed at ")
    await expect(tile(page, "Registered principals").locator(".answer")).to_contain_text("122 principals")
    await page.unroute("**/analytics/adoption")
    await page.clock.run_for(EVERY)
    await expect(said).to_be_empty()
    tab.forgive("ERR_FAILED")


async def test_a_session_that_ended_is_told_and_nothing_is_asked_again(server: PagesServer, tab: Tab) -> None:
    page = tab.page
    await open_page(server, page)
    await page.context.clear_cookies()
    await page.clock.run_for(EVERY)
    await expect(page.locator("[data-live-said]")).to_contain_text("Your session has ended.")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.clock.run_for(EVERY * 3)
    assert asked == []
