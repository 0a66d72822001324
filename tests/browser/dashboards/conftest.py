"""One history for all, a server and a browser that is signed in for each."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.browser.watching import Tab, watched
from tests.support.pages_server import PASSWORD, PagesServer
from tests.support.sampled_home import new_sampled_home, serving_sampled


@pytest.fixture(scope="session")
def sampled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_sampled_home(tmp_path_factory.mktemp("sampled"))


@pytest.fixture
async def server(sampled_home: Path, tmp_path: Path) -> AsyncIterator[PagesServer]:
    home = shutil.copytree(sampled_home, tmp_path / "home", copy_function=shutil.copy2)
    async with serving_sampled(home) as running:
        yield running


@pytest.fixture
async def tab(server: PagesServer, chromium: str, tmp_path: Path) -> AsyncIterator[Tab]:
    """A tab of the admin's. Whatever the browser complains of fails the test."""
    async with watched(chromium, tmp_path / "dashboards") as opened:
        await sign_in(opened, server.address, "ann@example.org")
        yield opened
        assert opened.complaints == []


async def sign_in(tab: Tab, address: str, email: str) -> None:
    await tab.page.goto(f"{address}/log-in")
    await tab.page.get_by_label("E-mail").fill(email)
    await tab.page.get_by_label("Password").fill(PASSWORD)
    await tab.page.get_by_role("button", name="Sign in").click()
    await tab.page.wait_for_url(f"{address}/")
