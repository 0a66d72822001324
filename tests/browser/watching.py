"""A tab that is watched: what the browser complains about is kept, and pages are photographed on the way."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import BrowserContext, ConsoleMessage, Page, async_playwright

from tests.browser.gallery.browser import ARGUMENTS

SCREENSHOTS = "AUTHSOME_SCREENSHOTS"  # a folder to keep the photographs in, for a person to look at
# Says more than the browser's own complaint: which element, and which line of which script.
WATCH = """addEventListener('securitypolicyviolation', e => console.error(
  'policy', e.violatedDirective, e.sourceFile, e.lineNumber, e.columnNumber,
  e.target?.outerHTML?.slice(0, 300)
))"""


class Tab:
    """A page of the browser, and what it complained about."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._folder = folder
        self._taken = 0
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def forgive(self, remark: str) -> None:
        """Drop remarks about what is meant: a browser complains of every status from 400 on."""
        self.complaints = [one for one in self.complaints if remark not in one]

    async def photograph(self, name: str) -> None:
        """The whole page in both colour schemes."""
        self._taken += 1
        for scheme in ("light", "dark"):
            await self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            file = self._folder / f"{self._taken:02d}-{name}.{scheme}.png"
            await self.page.screenshot(path=file, full_page=True)
        await self.page.emulate_media(color_scheme="light")


@asynccontextmanager
async def watched(
    chromium: str, folder: Path, *, scripts: bool = True, any_certificate: bool = False
) -> AsyncIterator[Tab]:
    """A tab in a browser of its own. Photographs go to `folder` unless the environment names another.

    `any_certificate` is for a provider whose certificate the test made itself.
    """
    kept = Path(os.environ.get(SCREENSHOTS) or folder.parent) / folder.name
    kept.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        context: BrowserContext = await browser.new_context(
            viewport={"width": 1280, "height": 900},
            java_script_enabled=scripts,
            reduced_motion="reduce",
            ignore_https_errors=any_certificate,
        )
        try:
            await context.add_init_script(WATCH)
            yield Tab(await context.new_page(), kept)
        finally:
            await browser.close()
