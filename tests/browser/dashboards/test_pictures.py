"""The pictures of docs/guides/read-the-dashboards.md, taken of the sample history.

`AUTHSOME_PICTURES=write` puts them where the guide shows them; without it they are taken and thrown away.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import FloatRect, Page, expect

from tests.browser.watching import Tab
from tests.support.pages_server import PagesServer

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "read-the-dashboards.md"
IMAGES = GUIDE.parent / "images"
LARGEST = 250_000
MARGIN = 16  # pixels
NAMES = ("adoption", "reliability")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    chosen = IMAGES if os.environ.get("AUTHSOME_PICTURES") == "write" else tmp_path / "images"
    chosen.mkdir(parents=True, exist_ok=True)
    return chosen


async def look(page: Page, address: str, name: str, scheme: str = "light", *, width: int = 1120) -> None:
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.set_viewport_size({"width": width, "height": 1000})
    await page.goto(f"{address}/analytics/{name}")
    await expect(page.locator("[data-canvas] canvas").first).to_be_visible()
    # The port of the test, and that its own signing in is still to be counted, say nothing to a reader.
    await page.locator("#as-of").evaluate("e => { e.textContent = 'As of 26 Nov 2026, 16:20 UTC.' }")


async def take(page: Page, what: str, file: Path, *, height: float | None = None) -> None:
    """The part of the page with a margin round it; from its top so high, or whole."""
    box = await page.locator(what).bounding_box()
    assert box
    left = max(0.0, box["x"] - MARGIN)
    clip: FloatRect = {
        "x": left,
        "y": box["y"] - MARGIN,
        "width": box["x"] + box["width"] + MARGIN - left,
        "height": height or box["height"] + 2 * MARGIN,
    }
    await page.screenshot(path=file, full_page=True, clip=clip)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
async def test_a_picture_of_a_dashboard_can_be_taken(
    server: PagesServer, tab: Tab, folder: Path, name: str, scheme: str
) -> None:
    await look(tab.page, server.address, name, scheme)
    file = folder / f"{name}-{scheme}.png"
    await take(tab.page, "#analytics", file, height=1180)
    assert 20_000 < file.stat().st_size < LARGEST


async def test_a_picture_of_a_telephone_can_be_taken(server: PagesServer, tab: Tab, folder: Path) -> None:
    await look(tab.page, server.address, "adoption", width=390)
    file = folder / "adoption-phone.png"
    await take(tab.page, "#tile-principals", file, height=760)
    assert 10_000 < file.stat().st_size < LARGEST


@pytest.mark.parametrize("name", NAMES)
async def test_a_picture_of_each_tile_can_be_taken(
    server: PagesServer, tab: Tab, folder: Path, name: str
) -> None:
    await look(tab.page, server.address, name)
    for tile in (await server.runtime.analytics.answer(name)).tiles:
        anchor = tile.key.replace("_", "-")
        file = folder / f"tile-{anchor}.png"
        await take(tab.page, f"#tile-{anchor}", file)
        assert 4_000 < file.stat().st_size < LARGEST, anchor


async def test_the_guide_tells_of_every_tile_with_its_picture(server: PagesServer) -> None:
    """If this fails, write the part of the guide and take the pictures anew (see above)."""
    text = GUIDE.read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^\]]+\]\(images/([\w.-]+)\)", text)
    for name in NAMES:
        for tile in (await server.runtime.analytics.answer(name)).tiles:
            assert f"### {tile.title}\n" in text, tile.title
            assert f"tile-{tile.key.replace('_', '-')}.png" in shown
    for file in IMAGES.glob("*.png"):
        assert file.name in shown, f"{file.name} is in no guide"
        assert file.stat().st_size < LARGEST
