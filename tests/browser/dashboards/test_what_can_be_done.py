"""What a person does with a dashboard: by mouse, and by keyboard alone."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.browser.watching import Tab
from tests.support.pages_server import PagesServer

FOCUSED = "document.activeElement.textContent.trim() || document.activeElement.id"
PIXELS = "document.querySelector('[data-canvas] canvas').toDataURL()"


def tile(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=name, exact=True)


async def test_pointing_at_a_day_tells_its_numbers(server: PagesServer, tab: Tab) -> None:
    await tab.page.goto(f"{server.address}/analytics/adoption")
    before = await tab.page.evaluate(PIXELS)
    await tab.page.locator("[data-canvas]").first.hover(position={"x": 200, "y": 60})
    await tab.page.wait_for_function(f"before => {PIXELS} !== before", arg=before)


async def test_a_series_is_hidden_and_shown_again_with_the_keyboard(server: PagesServer, tab: Tab) -> None:
    await tab.page.goto(f"{server.address}/analytics/adoption")
    found = tile(tab.page, "Identities registered and claimed")
    seen = "document.querySelector('#tile-identities canvas').toDataURL()"
    before = await tab.page.evaluate(seen)
    button = found.get_by_role("button", name="Registered")
    await button.focus()
    await tab.page.keyboard.press("Space")
    await expect(button).to_have_attribute("aria-pressed", "false")
    await tab.page.wait_for_function(f"before => {seen} !== before", arg=before)
    await tab.page.keyboard.press("Space")
    await expect(button).to_have_attribute("aria-pressed", "true")
    await tab.page.wait_for_function(f"before => {seen} === before", arg=before)


async def test_zooming_with_buttons_leads_to_an_address_of_these_days(server: PagesServer, tab: Tab) -> None:
    await tab.page.goto(f"{server.address}/analytics/adoption?provider=openai")
    found = tile(tab.page, "Identities registered and claimed")
    closer, wider = found.get_by_role("button", name="Closer"), found.get_by_role("button", name="Wider")
    await expect(wider).to_be_disabled()
    await closer.press("Enter")
    await expect(found.get_by_text("12 Nov to 26 Nov 2026")).to_be_visible()
    await found.get_by_role("button", name="Earlier").press("Enter")
    await expect(found.get_by_text("4 Nov to 18 Nov 2026")).to_be_visible()
    await found.get_by_role("link", name="Show only these days").click()
    await expect(tab.page.locator("#span")).to_contain_text("4 Nov 2026 to 18 Nov 2026 (15 days), by day")
    assert "since=2026-11-04&until=2026-11-18" in tab.page.url.replace("bucket=day&", "")
    assert "provider=openai" in tab.page.url


async def test_zooming_with_the_wheel_needs_a_key_so_that_the_page_can_scroll(
    server: PagesServer, tab: Tab
) -> None:
    await tab.page.goto(f"{server.address}/analytics/adoption")
    found = tile(tab.page, "Registered principals")
    await found.locator("canvas").hover()
    await tab.page.mouse.wheel(0, -240)
    await expect(found.get_by_role("button", name="Wider")).to_be_disabled()
    await found.locator("canvas").hover()
    await tab.page.keyboard.down("Control")
    await tab.page.mouse.wheel(0, -240)
    await tab.page.keyboard.up("Control")
    await expect(found.get_by_role("button", name="Wider")).to_be_enabled()


async def test_a_table_is_a_key_away_and_has_what_the_chart_has(server: PagesServer, tab: Tab) -> None:
    await tab.page.goto(f"{server.address}/analytics/reliability")
    found = tile(tab.page, "Auth session success rate")
    await found.locator("summary", has_text="By day").press("Enter")
    table = found.get_by_role("region", name="Auth session success rate: By day")
    await expect(table.get_by_role("row")).to_have_count(31)
    await expect(table.get_by_role("columnheader")).to_contain_text(["Day (UTC)", "Rate", "Completed"])
    await found.locator("summary", has_text="By reason").press("Enter")
    await expect(found.get_by_role("rowheader", name="key invalid")).to_be_visible()


async def test_the_definition_is_one_click_away(server: PagesServer, tab: Tab) -> None:
    await tab.page.goto(f"{server.address}/analytics/adoption")
    found = tile(tab.page, "Active agents")
    await found.locator("summary", has_text="What is counted").click()
    await expect(found.get_by_text("Identities that started a run")).to_be_visible()


async def test_choices_come_without_a_reload_and_the_way_back_undoes_them(
    server: PagesServer, tab: Tab
) -> None:
    page = tab.page
    await page.goto(f"{server.address}/analytics/adoption")
    await page.evaluate("window.stays = true")
    await page.get_by_role("link", name="90 days").click()
    await expect(page.get_by_role("link", name="90 days")).to_have_attribute("aria-current", "true")
    await page.get_by_label("Provider", exact=True).select_option(label="OpenAI")
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_role("link", name="Clear filters")).to_be_visible()
    assert page.url.endswith("/analytics/adoption?days=90&provider=openai")
    assert await page.evaluate("window.stays") is True
    await expect(page.locator("[data-canvas] canvas").first).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("link", name="Clear filters")).to_have_count(0)


async def test_what_cannot_be_read_is_said_at_the_top_and_takes_the_focus(
    server: PagesServer, tab: Tab
) -> None:
    await tab.page.goto(f"{server.address}/analytics/adoption")
    await tab.page.get_by_label("Agent, by its handle").fill("calm-nobody-nowhere-0000")
    await tab.page.get_by_label("Agent, by its handle").press("Enter")
    alert = tab.page.get_by_role("alert")
    await expect(alert).to_contain_text("There is no identity with this handle.")
    await expect(alert).to_be_focused()
    tab.forgive("422")


async def test_a_chart_is_saved_as_a_picture_with_its_words(
    server: PagesServer, tab: Tab, tmp_path: Path
) -> None:
    await tab.page.goto(f"{server.address}/analytics/adoption")
    for name in ("Registered principals", "Top providers connected", "Principals who come back"):
        async with tab.page.expect_download() as waiting:
            await tile(tab.page, name).get_by_role("button", name="PNG").click()
        download = await waiting.value
        assert re.fullmatch(r"authsome-[a-z-]+\.png", download.suggested_filename)
        file = tmp_path / download.suggested_filename
        await download.save_as(file)
        body = file.read_bytes()
        assert body.startswith(b"\x89PNG")
        assert int.from_bytes(body[16:20], "big") == 1920
        assert len(body) > 20_000


async def test_a_file_is_saved_by_its_link(server: PagesServer, tab: Tab) -> None:
    await tab.page.goto(f"{server.address}/analytics/adoption?days=7")
    async with tab.page.expect_download() as waiting:
        await tile(tab.page, "Registered principals").get_by_role("link", name="CSV").click()
    download = await waiting.value
    text = (await download.path()).read_text()
    assert text.startswith("Day (UTC),In all (principals),New (principals)")
    assert text.endswith("\n2026-11-26,122,3\n")


async def test_the_keyboard_reaches_everything_in_the_order_it_is_seen(server: PagesServer, tab: Tab) -> None:
    await tab.page.goto(f"{server.address}/analytics/adoption")
    await tab.page.locator("#main").focus()
    seen: list[str] = []
    for _ in range(30):
        await tab.page.keyboard.press("Tab")
        seen.append(await tab.page.evaluate(FOCUSED))
    order = ["Adoption", "Reliability", "7 days", "Day", "narrow-since", "narrow-identity"]
    order += ["Show", "Refresh", "Pause updates"]
    places = [seen.index(one) for one in order]
    assert places == sorted(places), seen
