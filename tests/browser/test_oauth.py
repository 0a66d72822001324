"""Connecting by OAuth as a person does: at the provider's page, by a code, and again when it has ended."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from authsome.connection.errors import NeedsReconnection
from authsome.testing.oauth.serve import OAuthProvider
from tests.browser.test_connections import press
from tests.browser.test_providers import sign_in
from tests.browser.watching import watched
from tests.e2e.pages.authorizing import connections, offered, registered, serving_beside
from tests.support.pages_server import PagesServer

BY_CODE = {"device_authorization_url": "/device_authorization"}


@pytest.fixture
def provider(tmp_path: Path) -> OAuthProvider:
    return OAuthProvider(tmp_path / "acme", redirect_uri="")


@pytest.fixture
async def server(tmp_path: Path, provider: OAuthProvider) -> AsyncIterator[PagesServer]:
    async with serving_beside(provider, tmp_path / "home") as running:
        yield running


async def begin(page: Page, server: PagesServer) -> None:
    await page.goto(f"{server.address}/providers/acme")
    await press(page, "Connect it")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
async def test_connected_at_the_providers_page_and_again_when_consent_is_gone(
    server: PagesServer, provider: OAuthProvider, chromium: str, tmp_path: Path, *, scripts: bool
) -> None:
    await offered(server, provider)
    async with watched(chromium, tmp_path / "oauth", scripts=scripts, any_certificate=True) as tab:
        page = await sign_in(server, tab)
        await begin(page, server)
        await expect(page.get_by_text(provider.place).first).to_be_visible()
        await tab.photograph("asked")
        await press(page, "Go to Acme")
        await expect(page.get_by_role("heading", name="Acme is connected")).to_be_visible()
        await tab.photograph("connected")

        provider.server.revoke_all()
        [held] = await connections(server)
        with pytest.raises(NeedsReconnection):
            await server.runtime.renewals.renew(held)
        await page.goto(f"{server.address}/connections")
        await expect(page.get_by_text("needs reconnection").first).to_be_visible()
        await tab.photograph("needs-reconnection-list")
        await page.get_by_role("link", name="default", exact=True).click()
        await expect(page.get_by_text("needs reconnection").first).to_be_visible()
        await tab.photograph("needs-reconnection")
        await press(page, "Connect it again")
        await press(page, "Go to Acme")
        await expect(page.get_by_role("heading", name="Acme is connected again")).to_be_visible()
        assert [one.id for one in await connections(server)] == [held.id]
        await page.goto(f"{server.address}/connections")
        await expect(page.get_by_text("needs reconnection")).to_have_count(0)
        assert not tab.complaints, "\n".join(tab.complaints)


async def test_refused_at_the_providers_page_leads_to_another_try(
    server: PagesServer, provider: OAuthProvider, chromium: str, tmp_path: Path
) -> None:
    await offered(server, provider)
    provider.consents = False
    async with watched(chromium, tmp_path / "refused", any_certificate=True) as tab:
        page = await sign_in(server, tab)
        await begin(page, server)
        await press(page, "Go to Acme")
        await expect(page.get_by_role("heading", name="Acme was not connected")).to_be_visible()
        await tab.photograph("refused")
        provider.consents = True
        await page.get_by_role("link", name="Begin again").click()
        await press(page, "Connect it")
        await press(page, "Go to Acme")
        await expect(page.get_by_role("heading", name="Acme is connected")).to_be_visible()
        tab.forgive("status of 4")
        assert not tab.complaints, "\n".join(tab.complaints)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
async def test_a_code_is_typed_elsewhere_and_the_page_sees_it(
    server: PagesServer, provider: OAuthProvider, chromium: str, tmp_path: Path, *, scripts: bool
) -> None:
    await offered(server, provider, **BY_CODE)
    async with watched(chromium, tmp_path / "code", scripts=scripts, any_certificate=True) as tab:
        page = await sign_in(server, tab)
        await page.goto(f"{server.address}/providers/acme")
        await page.get_by_label("By", exact=True).select_option("device_code")
        await press(page, "Connect it")
        await press(page, "Get a code")
        code = page.locator("#command-user-code")
        await expect(code).to_be_visible()
        await tab.photograph("code")
        provider.server.devices.decide((await code.inner_text()).strip())
        await expect(page.get_by_role("heading", name="Acme is connected")).to_be_visible(timeout=30_000)
        await tab.photograph("done")
        assert not tab.complaints, "\n".join(tab.complaints)


async def test_without_a_client_an_admin_reads_what_to_register(
    server: PagesServer, provider: OAuthProvider, chromium: str, tmp_path: Path
) -> None:
    await registered(server, provider)
    async with watched(chromium, tmp_path / "client", any_certificate=True) as tab:
        page = await sign_in(server, tab)
        await begin(page, server)
        await expect(page.get_by_text("No admin has registered this installation")).to_be_visible()
        await expect(page.get_by_text(provider.server.client.redirect_uri, exact=True)).to_be_visible()
        await expect(page.get_by_text("authsome providers client acme").first).to_be_visible()
        await tab.photograph("client-missing")
        tab.forgive("status of 4")
        assert not tab.complaints, "\n".join(tab.complaints)
