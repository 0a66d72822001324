"""The way of a new installation, as a person goes it: set-up, terminal, key, agent, claim, dashboard."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from authsome.server.routes.ui.sign_in import code_of
from tests.browser.watching import Tab, watched
from tests.support.pages_server import PASSWORD, Agent, PagesServer, serving

EMAIL, KEY = "ann@example.org", "sk-0123456789-very-secret"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[PagesServer]:
    async with serving(tmp_path / "home") as running:
        yield running


async def test_from_the_set_up_link_to_the_dashboard(
    server: PagesServer, chromium: str, tmp_path: Path
) -> None:
    async with watched(chromium, tmp_path / "journey") as tab:
        await set_up(server, tab)
        terminal = await let_a_terminal_in(server, tab)
        await connect(tab, terminal)
        agent = await claim_an_agent(server, tab)
        await see_the_numbers(server, tab)
        await see_the_other_pages(server, tab)
        await sign_out(server, tab)
        assert (await agent.ask("GET", "/api/whoami")).json()["state"] == "claimed"
        assert not tab.complaints, "\n".join(tab.complaints)
        await agent.close()
        await terminal.close()


async def test_every_step_works_without_scripts(server: PagesServer, chromium: str, tmp_path: Path) -> None:
    async with watched(chromium, tmp_path / "plain", scripts=False) as tab:
        await set_up(server, tab)
        terminal = await let_a_terminal_in(server, tab)
        await connect(tab, terminal)
        agent = await claim_an_agent(server, tab)
        await tab.page.goto(f"{server.address}/analytics")
        await expect(tab.page.get_by_role("heading", name="Adoption")).to_be_visible()
        await tab.photograph("analytics")
        await sign_out(server, tab)
        assert not tab.complaints, "\n".join(tab.complaints)
        await agent.close()
        await terminal.close()


async def set_up(server: PagesServer, tab: Tab) -> None:
    page = tab.page
    await page.goto(server.address + await server.set_up_link())
    await tab.photograph("set-up")
    await page.get_by_label("E-mail").fill(EMAIL)
    await page.get_by_label("Display name").fill("Ann Ek")
    await page.get_by_label("Password", exact=True).fill("too short")
    await page.get_by_label("Password again").fill("too short")
    await without_the_browsers_own_checks(page)
    await press(page, "Create the admin")
    await expect(page.get_by_role("alert")).to_contain_text("12 to 512 characters")
    await expect(page.get_by_label("E-mail")).to_have_value(EMAIL)
    await tab.photograph("set-up-refused")
    tab.forgive("status of 422")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_label("Password again").fill(PASSWORD)
    await press(page, "Create the admin")
    await expect(page.get_by_role("heading", name="Getting started")).to_be_visible()
    await tab.photograph("overview-empty")


async def let_a_terminal_in(server: PagesServer, tab: Tab) -> Agent:
    page, terminal = tab.page, Agent(server.address)
    did = terminal.key.did
    await page.goto(f"{server.address}/sign-in?did={did}&code={code_of(did)}")
    await expect(page.get_by_text(code_of(did))).to_be_visible()
    await tab.photograph("sign-in")
    await page.get_by_label("Your password").fill(PASSWORD)
    await press(page, "Let it in")
    await expect(page.get_by_role("heading", name="The terminal is signed in")).to_be_visible()
    await tab.photograph("signed-in")
    assert (await terminal.ask("GET", "/api/whoami")).json()["kind"] == "principal"
    return terminal


async def connect(tab: Tab, terminal: Agent) -> None:
    page = tab.page
    answer = await terminal.ask("POST", "/api/auth-sessions", b'{"provider": "openai"}')
    assert answer.status_code == 201, answer.text
    await page.goto(answer.json()["url"])
    await tab.photograph("key-entry")
    await page.get_by_label("API key").fill(KEY)
    await press(page, "Seal and connect")
    await expect(page.get_by_role("heading", name="OpenAI is connected")).to_be_visible()
    assert KEY not in await page.content()
    await tab.photograph("connected")


async def claim_an_agent(server: PagesServer, tab: Tab) -> Agent:
    page, agent = tab.page, Agent(server.address)
    told = await agent.register("invoice sorter")
    await page.goto(told["claim_url"])
    await tab.photograph("claim-code")
    await page.get_by_label("Code").fill(told["code"].upper())
    await press(page, "Show the agent")
    await expect(page.get_by_text(told["handle"])).to_be_visible()
    await expect(page.get_by_text("invoice sorter")).to_be_visible()
    boxes = page.get_by_role("checkbox")
    await expect(boxes).to_have_count(1)
    await expect(boxes).not_to_be_checked()
    await boxes.check()
    await page.get_by_label("Your password").fill(PASSWORD)
    await tab.photograph("claim")
    await press(page, "Claim this agent")
    await expect(page.get_by_text("The agent acts in your name")).to_be_visible()
    await tab.photograph("claimed")
    connections = (await agent.ask("GET", "/api/connections")).json()
    assert [one["provider"] for one in connections] == ["openai"]
    await page.goto(f"{server.address}/agents/{told['handle']}")
    await expect(page.get_by_role("checkbox")).to_be_checked()
    await tab.photograph("agent")
    return agent


async def see_the_numbers(server: PagesServer, tab: Tab) -> None:
    page = tab.page
    await page.goto(f"{server.address}/analytics")
    for answer in (
        "1 principal in all now; 1 new in the last 30 days",
        "1 identity registered, 1 claimed and 0 rejected in the last 30 days",
        "100% completed in the last 30 days",
        "OpenAI leads with 1 of 1 connection",
    ):
        await seen_after_reloading(page, answer)
    await expect(page.locator("[data-canvas] canvas")).not_to_have_count(0)
    await tab.photograph("analytics")
    await page.get_by_role("link", name="7 days").click()
    await expect(page).to_have_url(re.compile(r"days=7"))
    await expect(page.get_by_text("1 new in the last 7 days")).to_be_visible()
    await expect(page.locator("[data-canvas] canvas")).not_to_have_count(0)
    await tab.photograph("analytics-7")


async def see_the_other_pages(server: PagesServer, tab: Tab) -> None:
    for name in ("", "agents", "connections", "providers", "principals", "telemetry"):
        await tab.page.goto(f"{server.address}/{name}")
        await expect(tab.page.get_by_role("heading", level=1)).to_be_visible()
        await tab.photograph(name or "overview")
    await tab.page.goto(f"{server.address}/principals")
    await tab.page.locator("#invite").get_by_label("Your password").fill(PASSWORD)
    await press(tab.page, "Make the invitation link")
    await expect(tab.page.get_by_text(f"{server.address}/invitation/")).to_be_visible()
    await tab.photograph("invited")


async def sign_out(server: PagesServer, tab: Tab) -> None:
    page = tab.page
    await page.goto(f"{server.address}/agents")
    await press(page, "Sign out")
    await expect(page).to_have_url(f"{server.address}/log-in")
    await tab.photograph("signed-out")
    await page.go_back()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def without_the_browsers_own_checks(page: Page) -> None:
    """The server's answer is what is tested; a browser would not even send this."""
    await page.locator("form").evaluate_all("forms => forms.forEach(form => { form.noValidate = true })")


async def seen_after_reloading(page: Page, text: str) -> None:
    """The numbers come from rollups, a moment after the facts."""
    for _ in range(20):
        if await page.get_by_text(text).count():
            return
        await page.wait_for_timeout(250)
        await page.reload()
    await expect(page.get_by_text(text)).to_be_visible()
