"""Every tab in both schemes and on a phone: drawn, within the policy, and named for who cannot see."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.dashboards.conftest import sign_in
from tests.browser.watching import Tab
from tests.support.pages_server import PagesServer

NAMES = ("adoption", "reliability")
OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# By hand what an accessibility checker asks first: names, roles, labels, and one id for one thing.
NAMELESS = """() => {
  const at = id => document.getElementById(id)?.textContent || '';
  const said = e => (e.getAttribute('aria-label') || e.textContent || '').trim() ||
    (e.getAttribute('aria-labelledby') || '').split(' ').map(at).join('').trim();
  const named = 'a, button, [role=img], [role=region], [role=group], figure, nav, section';
  const found = [];
  for (const e of document.querySelectorAll(named))
    if (!said(e)) found.push('no name: ' + e.outerHTML.slice(0, 90));
  for (const e of document.querySelectorAll('input:not([type=hidden]), select'))
    if (!e.labels.length) found.push('no label: ' + e.outerHTML.slice(0, 90));
  for (const e of document.querySelectorAll('th')) if (!e.scope) found.push('no scope: ' + e.textContent);
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push('twice: ' + id);
  for (const e of document.querySelectorAll('[aria-describedby], [aria-labelledby]'))
    for (const id of (e.getAttribute('aria-describedby') || e.getAttribute('aria-labelledby')).split(' '))
      if (!document.getElementById(id)) found.push('leads nowhere: ' + id);
  return found;
}"""
# A canvas that was never drawn on is all one colour.
DRAWN = """() => [...document.querySelectorAll('[data-canvas] canvas')].map(c => {
  const seen = new Set(new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer));
  return seen.size;
})"""


async def colours(page: Page) -> list[int]:
    found: Any = await page.evaluate(DRAWN)
    return [int(one) for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
async def test_a_dashboard_is_drawn_within_the_policy_at_every_width(
    server: PagesServer, tab: Tab, name: str, scheme: str
) -> None:
    await tab.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    answer = await server.runtime.analytics.answer(name)
    for width in (1280, 390, 320):
        await tab.page.set_viewport_size({"width": width, "height": 844})
        await tab.page.goto(f"{server.address}/analytics/{name}")
        charts = [one for one in answer.tiles if one.kind not in ("retention", "lanes")]
        await expect(tab.page.locator("[data-canvas] canvas")).to_have_count(len(charts))
        await expect(tab.page.get_by_role("article")).to_have_count(len(answer.tiles))
        assert all(number > 8 for number in await colours(tab.page)), (width, await colours(tab.page))
        assert await tab.page.evaluate(OVERHANG) == 0, width


async def test_everything_has_a_name_a_label_and_a_place(server: PagesServer, tab: Tab) -> None:
    for name in (*NAMES, "mine"):
        await tab.page.goto(f"{server.address}/analytics/{name}")
        assert await tab.page.evaluate(NAMELESS) == [], name


async def test_a_chart_says_in_words_what_it_shows(server: PagesServer, tab: Tab) -> None:
    await tab.page.goto(f"{server.address}/analytics/adoption")
    tile = tab.page.get_by_role("article", name="Registered principals")
    sentence = await tile.locator(".answer").inner_text()
    assert sentence.startswith("122 principals in all now; ")
    await expect(tile.get_by_role("img", name=f"Registered principals: {sentence}")).to_be_visible()


async def test_a_member_sees_their_own_and_the_way_to_it(server: PagesServer, tab: Tab) -> None:
    await tab.page.get_by_role("button", name="Sign out").click()
    await sign_in(tab, server.address, "ben@example.org")
    await tab.page.get_by_role("link", name="Analytics").click()
    await expect(tab.page.get_by_role("heading", name="My numbers")).to_be_visible()
    await expect(tab.page.get_by_role("navigation", name="Dashboards")).to_have_count(0)
    await tab.page.goto(f"{server.address}/analytics/reliability")
    tab.forgive("403")
    await tab.page.get_by_role("link", name="Your own numbers").click()
    await expect(tab.page.get_by_role("heading", name="My numbers")).to_be_visible()
    await expect(tab.page.get_by_text("authsome onboard").first).to_be_visible()
