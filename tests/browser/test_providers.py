"""Providers as a person finds and adds them: with the keyboard, while typing, and without scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.watching import Tab, watched
from tests.support.pages_server import PASSWORD, PagesServer, serving

EMAIL = "ann@example.org"
ACME = '{"name": "acme", "display_name": "Acme", "hosts": ["%s"], "inject": {"header": "X-Key"}}'


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[PagesServer]:
    async with serving(tmp_path / "home") as running:
        await running.admin()
        yield running


async def sign_in(server: PagesServer, tab: Tab) -> Page:
    page = tab.page
    await page.goto(f"{server.address}/log-in")
    await page.get_by_label("E-mail").fill(EMAIL)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("navigation", name="Areas")).to_be_visible()
    return page


async def test_what_fits_is_shown_while_one_types(server: PagesServer, chromium: str, tmp_path: Path) -> None:
    async with watched(chromium, tmp_path / "search") as tab:
        page = await sign_in(server, tab)
        await page.goto(f"{server.address}/providers")
        field = page.get_by_role("searchbox")
        await field.focus()
        await page.keyboard.type("https://api.openai.com/v1")
        await expect(page.get_by_role("status")).to_contain_text("1 of ")
        await expect(page.get_by_role("row")).to_have_count(2)
        await expect(field).to_be_focused()
        assert "search=https" in page.url
        await tab.photograph("found")
        await field.fill("no such thing at all")
        await expect(page.get_by_text("No provider fits")).to_be_visible()
        await page.get_by_role("link", name="Show all of them").click()
        await page.get_by_label("Kind").select_option("payments")
        await expect(page.get_by_role("rowheader", name="Stripe")).to_be_visible()
        await expect(page.get_by_role("rowheader", name="OpenAI")).to_have_count(0)
        await tab.photograph("kind")
        assert not tab.complaints, "\n".join(tab.complaints)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
async def test_one_is_searched_added_changed_and_removed(
    server: PagesServer, chromium: str, tmp_path: Path, *, scripts: bool
) -> None:
    async with watched(chromium, tmp_path / "add", scripts=scripts) as tab:
        page = await sign_in(server, tab)
        await page.goto(f"{server.address}/providers")
        await page.get_by_role("searchbox").fill("stripe")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("1 of ")
        await page.get_by_role("link", name="Add a provider").click()
        definition = page.get_by_label("Definition", exact=True)
        await definition.fill(ACME % "https://api.acme.test")
        await page.get_by_role("button", name="Add it").click()
        await expect(page.get_by_role("alert")).to_contain_text("For example")
        await tab.photograph("refused")
        tab.forgive("status of 422")
        await definition.fill(ACME % "api.acme.test")
        await page.get_by_role("button", name="Add it").click()
        await expect(page.get_by_role("heading", name="Acme", exact=True)).to_be_visible()
        await tab.photograph("provider")
        await page.locator("textarea[name=definition]").fill(ACME % "elsewhere.test")
        await page.get_by_role("button", name="Show what it does").click()
        await expect(page.get_by_text("Secrets would go to elsewhere.test")).to_be_visible()
        await tab.photograph("amendment")
        await page.get_by_label("Your password").fill(PASSWORD)
        await page.get_by_role("button", name="Change it").click()
        await expect(page.get_by_role("heading", name="The provider is changed")).to_be_visible()
        await page.goto(f"{server.address}/providers/acme")
        await page.get_by_role("button", name="Show what would end").click()
        await page.get_by_label("Your password").fill(PASSWORD)
        await page.get_by_role("button", name="Remove it").click()
        await expect(page.get_by_role("heading", name="The provider is removed")).to_be_visible()
        assert not tab.complaints, "\n".join(tab.complaints)
