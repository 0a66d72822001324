"""A connection's life as a person leads it: connected, made the default, shared, taken out, ended."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.test_providers import ACME, sign_in
from tests.browser.watching import watched
from tests.support.pages_server import PASSWORD, PagesServer, serving

KEY, OTHER = "sk-0123456789-very-secret", "sk-9876543210-another"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[PagesServer]:
    async with serving(tmp_path / "home") as running:
        await running.admin()
        yield running


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def connect(page: Page, server: PagesServer, name: str) -> None:
    """From the list of providers, by the keyboard alone."""
    await page.goto(f"{server.address}/providers?search=openai")
    await page.get_by_role("link", name="Connect OpenAI").focus()
    await page.keyboard.press("Enter")
    field = page.get_by_label("Name", exact=True)
    await field.fill(name)
    await page.keyboard.press("Enter")
    key = page.get_by_label("API key")
    await expect(key).to_be_focused()
    await page.keyboard.type(KEY)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="OpenAI is connected")).to_be_visible()
    assert KEY not in await page.content()


async def open_one(page: Page, server: PagesServer, name: str) -> None:
    await page.goto(f"{server.address}/connections")
    await page.get_by_role("link", name=name, exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(name)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
async def test_connected_made_the_default_shared_taken_out_and_ended(
    server: PagesServer, chromium: str, tmp_path: Path, *, scripts: bool
) -> None:
    async with watched(chromium, tmp_path / "life", scripts=scripts) as tab:
        page = await sign_in(server, tab)
        await (connect if scripts else connect_plainly)(page, server, "work")
        await (connect if scripts else connect_plainly)(page, server, "home")
        await tab.photograph("connected")
        await open_one(page, server, "home")
        await press(page, "Make it the default")
        await expect(page.get_by_text("the one that is meant from now on")).to_be_visible()
        await page.locator("#share").get_by_label("Your password").fill(PASSWORD)
        await press(page, "Share it with everybody")
        await expect(page.get_by_text("It is shared.")).to_be_visible()
        await tab.photograph("shared")
        await page.get_by_role("link", name="Take it out …").click()
        await page.get_by_label("Your password").fill(PASSWORD)
        await press(page, "Show it once")
        await expect(page.get_by_text(KEY)).to_be_visible()
        await tab.photograph("taken-out")
        await page.goto(page.url)
        await expect(page.get_by_text(KEY)).to_have_count(0)
        await open_one(page, server, "home")
        await press(page, "Give it another key")
        await expect(page.get_by_text("in the place of the one that is there")).to_be_visible()
        await page.get_by_label("API key").fill(OTHER)
        await press(page, "Seal and connect")
        await expect(page.get_by_role("heading", name="OpenAI is connected again")).to_be_visible()
        await open_one(page, server, "home")
        await page.locator("#revoke").get_by_label("Your password").fill(PASSWORD)
        await press(page, "Revoke it")
        await expect(page.get_by_text("The connection is revoked.")).to_be_visible()
        await expect(page.get_by_role("region", name="Ended connections")).to_contain_text("home")
        await tab.photograph("revoked")
        await open_one(page, server, "work")
        await press(page, "Log it out here")
        await expect(page.get_by_text("The connection is put away.")).to_be_visible()
        await expect(page.get_by_text("Nothing is connected yet.")).to_be_visible()
        assert not tab.complaints, "\n".join(tab.complaints)


async def connect_plainly(page: Page, server: PagesServer, name: str) -> None:
    """The same without scripts, with the pointer."""
    await page.goto(f"{server.address}/providers?search=openai")
    await page.get_by_role("link", name="Connect OpenAI").click()
    await page.get_by_label("Name", exact=True).fill(name)
    await press(page, "Connect it")
    await page.get_by_label("API key").fill(KEY)
    await press(page, "Seal and connect")
    await expect(page.get_by_role("heading", name="OpenAI is connected")).to_be_visible()


async def test_what_went_wrong_leads_to_another_try(
    server: PagesServer, chromium: str, tmp_path: Path
) -> None:
    async with watched(chromium, tmp_path / "again") as tab:
        page = await sign_in(server, tab)
        await page.goto(f"{server.address}/providers/openai#connect")
        await press(page, "Connect it")
        await page.get_by_label("API key").fill("two words")
        await press(page, "Seal and connect")
        await expect(page.get_by_role("alert")).to_be_focused()
        await expect(page.get_by_label("API key")).to_have_value("")
        await press(page, "Cancel")
        await expect(page.get_by_text("You cancelled, and nothing was stored.")).to_be_visible()
        await page.get_by_role("link", name="Begin again").click()
        await expect(page.get_by_role("button", name="Connect it", exact=True)).to_be_visible()
        tab.forgive("status of 422")
        assert not tab.complaints, "\n".join(tab.complaints)


async def test_a_test_of_a_provider_is_read_where_it_stands(
    server: PagesServer, chromium: str, tmp_path: Path
) -> None:
    async with watched(chromium, tmp_path / "tested") as tab:
        page = await sign_in(server, tab)
        await page.goto(f"{server.address}/add-provider")
        await page.get_by_label("Definition", exact=True).fill(ACME % "*.acme.invalid")
        await press(page, "Add it")
        await press(page, "Test this provider")
        verdict = page.get_by_text("Nothing failed.")
        await expect(verdict).to_be_focused()
        await expect(page.get_by_role("region", name="What was looked at")).to_contain_text("skipped")
        await tab.photograph("tested")
        assert not tab.complaints, "\n".join(tab.complaints)
