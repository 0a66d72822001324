"""Every sample page by axe-core (WCAG A and AA, best practices): in light on a desk, in dark on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.gallery.browser import ARGUMENTS
from tests.browser.gallery.serve import PAGES, serving

OWN = [name for name in PAGES if not name.startswith("hostile-")]
WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


def violations(tab: Page) -> list[str]:
    """What is wrong, by rule, with the first place where."""
    found = Axe().run(tab).response["violations"]
    return [f"{one['id']} ({len(one['nodes'])}): {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize(("scheme", "place"), [("light", "desk"), ("dark", "phone")])
def test_no_page_breaks_a_rule(browser: Browser, address: str, scheme: str, place: str) -> None:
    width, height = WIDTHS[place]
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    tab, wrong = context.new_page(), {}
    for name in OWN:
        tab.goto(f"{address}/pages/{name}")
        if found := violations(tab):
            wrong[name] = found
    context.close()
    assert wrong == {}


def test_a_fault_would_be_found(browser: Browser) -> None:
    tab = browser.new_page()
    tab.set_content('<html lang="en"><title>A page</title><main><h1>A</h1><input><img src="x"></main></html>')
    assert {one.split()[0] for one in violations(tab)} >= {"label", "image-alt"}
    tab.close()
