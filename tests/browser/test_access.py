"""What an agent asks for, as a person decides it in a browser, with scripts and without."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from authsome.principal.model import Principal
from tests.browser.test_providers import sign_in
from tests.browser.watching import watched
from tests.e2e.pages.test_agents import claimed
from tests.e2e.pages.test_claim import connected
from tests.support.pages_server import PASSWORD, Agent, PagesServer, serving

NOTE = "<script>alert(1)</script> nightly summaries"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[PagesServer]:
    async with serving(tmp_path / "home") as running:
        yield running


@pytest.fixture
async def ann(server: PagesServer) -> Principal:
    return await server.admin()


@pytest.fixture
async def agent(server: PagesServer) -> AsyncIterator[Agent]:
    made = Agent(server.address)
    yield made
    await made.close()


async def ask(agent: Agent, provider: str, **more: Any) -> str:
    body = json.dumps({"provider": provider, **more}).encode()
    answer = await agent.ask("POST", "/api/access-requests", body)
    return str(answer.json()["id"])


async def state(agent: Agent, request_id: str) -> str:
    return str((await agent.ask("GET", f"/api/access-requests/{request_id}")).json()["state"])


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
async def test_one_request_is_approved_for_a_day_and_another_denied(
    server: PagesServer, ann: Principal, agent: Agent, chromium: str, tmp_path: Path, *, scripts: bool
) -> None:
    await connected(server, ann, "work")
    handle = await claimed(server, agent, ann)
    wanted = await ask(agent, "openai", lasting="7d", note=NOTE)
    other = await ask(agent, "github")
    async with watched(chromium, tmp_path / "access", scripts=scripts) as tab:
        page = await sign_in(server, tab)
        await page.get_by_role("link", name="Access requests").click()
        await expect(page.get_by_role("row")).to_have_count(3)
        await expect(page.get_by_text(NOTE)).to_be_visible()
        await tab.photograph("requests")
        await page.get_by_role("row", name="OpenAI").get_by_role("link", name="Decide").click()
        await expect(page.get_by_label("It lasts")).to_have_value("7d")
        await expect(page.get_by_role("radio", name="OpenAI work")).to_be_checked()
        await page.get_by_label("It lasts").select_option("1d")
        await page.get_by_label("Your password").fill("not the password")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_be_visible()
        await expect(page.get_by_label("It lasts")).to_have_value("1d")
        tab.forgive("status of 401")
        await tab.photograph("refused")
        await page.get_by_label("Your password").fill(PASSWORD)
        await page.get_by_role("button", name="Approve").click()
        await expect(page.get_by_role("status")).to_contain_text("It is approved")
        await page.get_by_role("link", name="Decide").click()
        await page.get_by_role("button", name="Deny").click()
        await expect(page.get_by_role("status")).to_contain_text("It is denied")
        assert (await state(agent, wanted), await state(agent, other)) == ("approved", "denied")
        await change_how_long(page, server, handle)
        await tab.photograph("agent")
        assert not tab.complaints, "\n".join(tab.complaints)


async def change_how_long(page: Page, server: PagesServer, handle: str) -> None:
    await page.goto(f"{server.address}/agents/{handle}")
    await page.get_by_role("link", name="Change").click()
    await page.get_by_label("From now on it lasts").select_option(label="until you take it away")
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("cell", name="until taken away")).to_be_visible()
