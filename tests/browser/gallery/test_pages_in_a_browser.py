"""The sample pages in a real browser, under the real content security policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.gallery.browser import ARGUMENTS
from tests.browser.gallery.serve import PAGES, serving

DESK, PHONE, NARROW = (1280, 900), (390, 844), (320, 640)
WATCH = "addEventListener('securitypolicyviolation', e => console.error('policy', e.violatedDirective))"


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


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(reduced_motion="reduce", color_scheme="light")
    yield context
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def tab(context: BrowserContext, complaints: list[str]) -> Page:
    tab = context.new_page()
    tab.add_init_script(WATCH)
    tab.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    return tab


def overhang(tab: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_no_page_breaks_the_policy_or_scrolls_sideways(
    tab: Page, address: str, complaints: list[str]
) -> None:
    wide = {}
    for name in PAGES:
        tab.goto(f"{address}/pages/{name}")
        for width, height in (DESK, PHONE, NARROW):
            tab.set_viewport_size({"width": width, "height": height})
            if overhang(tab):
                wide[f"{name} at {width}"] = overhang(tab)
        assert complaints == [], name
    assert wide == {}


def test_charts_are_drawn_in_the_colours_of_the_scheme(tab: Page, address: str) -> None:
    tab.goto(f"{address}/pages/adoption-30")
    expect(tab.locator("[data-canvas] canvas")).to_have_count(7)
    light = tab.evaluate("[...document.querySelectorAll('canvas')].map(c => c.toDataURL().length)")
    assert all(length > 5000 for length in light), light
    first = tab.evaluate("document.querySelector('canvas').toDataURL()")
    tab.get_by_role("button", name="Dark").click()
    assert tab.evaluate("document.querySelector('canvas').toDataURL()") != first


def test_each_chart_has_a_name_and_a_table(tab: Page, address: str) -> None:
    tab.goto(f"{address}/pages/adoption-30")
    chart = tab.get_by_role("img", name="Auth session success rate: ")
    expect(chart).to_be_visible()
    tile = tab.get_by_role("article", name="Auth session success rate")
    tile.get_by_text("By day", exact=True).click()
    table = tile.get_by_role("region", name="By day")
    expect(table.get_by_role("columnheader")).to_contain_text(["Day (UTC)", "Rate", "Completed", "Failed"])
    expect(table.get_by_role("row")).to_have_count(31)


def test_pointing_at_a_day_tells_its_numbers_within_the_policy(
    tab: Page, address: str, complaints: list[str]
) -> None:
    tab.goto(f"{address}/pages/adoption-30")
    before = tab.evaluate("document.querySelector('canvas').toDataURL()")
    tab.locator("[data-canvas]").first.hover(position={"x": 200, "y": 60})
    tab.wait_for_function("before => document.querySelector('canvas').toDataURL() !== before", arg=before)
    assert complaints == []


def test_another_range_comes_without_a_reload(tab: Page, address: str, complaints: list[str]) -> None:
    tab.goto(f"{address}/analytics/adoption?days=30")
    tab.evaluate("window.stays = true")
    tab.get_by_role("link", name="365 days").click()
    expect(tab.get_by_role("link", name="365 days")).to_have_attribute("aria-current", "true")
    expect(tab.locator("[data-canvas] canvas")).to_have_count(7)
    assert tab.url.endswith("/analytics/adoption?days=365")
    assert tab.evaluate("window.stays") is True
    assert complaints == []


def test_the_way_back_from_a_range_shows_the_one_before(tab: Page, address: str) -> None:
    tab.goto(f"{address}/analytics/adoption?days=30")
    tab.get_by_role("link", name="90 days").click()
    expect(tab.get_by_role("link", name="90 days")).to_have_attribute("aria-current", "true")
    tab.go_back()
    expect(tab.get_by_role("link", name="30 days")).to_have_attribute("aria-current", "true")


def test_a_chosen_scheme_is_kept(tab: Page, address: str) -> None:
    tab.goto(f"{address}/pages/log-in")
    tab.get_by_role("button", name="Dark").click()
    tab.goto(f"{address}/pages/overview")
    assert tab.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    expect(tab.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    tab.get_by_role("button", name="Auto").click()
    tab.reload()
    assert tab.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light dark"


def test_a_command_is_copied_without_its_prompt(tab: Page, context: BrowserContext, address: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto(f"{address}/pages/overview-empty")
    tab.get_by_role("button", name="Copy").first.click()
    expect(tab.get_by_role("button", name="Copied")).to_be_visible()
    assert tab.evaluate("navigator.clipboard.readText()") == "authsome onboard"


def test_a_password_is_judged_by_its_length_as_it_is_typed(tab: Page, address: str) -> None:
    tab.goto(f"{address}/pages/set-up")
    tab.get_by_label("Password", exact=True).fill("short")
    expect(tab.get_by_text("5 of at least 12 characters.")).to_be_visible()
    tab.get_by_label("Password", exact=True).fill("five unrelated words are good")
    expect(tab.get_by_text("strong by its length")).to_be_visible()


def test_a_password_can_be_seen_by_whoever_types_it(tab: Page, address: str) -> None:
    tab.goto(f"{address}/pages/log-in")
    tab.get_by_label("Password").fill("a secret of mine")
    tab.get_by_role("button", name="Show").click()
    expect(tab.get_by_label("Password")).to_have_attribute("type", "text")
    tab.get_by_role("button", name="Hide").click()
    expect(tab.get_by_label("Password")).to_have_attribute("type", "password")


def test_a_code_is_spelled_as_the_terminal_shows_it(tab: Page, address: str) -> None:
    tab.goto(f"{address}/pages/claim-code")
    code = tab.get_by_label("Code")
    expect(code).to_be_focused()  # by itself; whoever types before that loses a letter
    tab.keyboard.type("brkd mmpt9x")
    expect(code).to_have_value("BRKD-MMPT")


def test_what_went_wrong_has_the_focus(tab: Page, address: str) -> None:
    tab.goto(f"{address}/pages/log-in-refused")
    expect(tab.get_by_role("alert")).to_be_focused()


def test_the_keyboard_can_skip_to_the_content(tab: Page, address: str) -> None:
    tab.goto(f"{address}/pages/agents")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to the content")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_be_focused()


def test_pages_work_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}/pages/adoption-30")
    expect(tab.get_by_text("The chart needs JavaScript.").first).to_be_visible()
    tab.get_by_role("link", name="7 days").click()
    assert tab.url.endswith("/analytics/adoption?days=7")
    tab.goto(f"{address}/pages/overview-empty")
    expect(tab.get_by_text("authsome onboard", exact=True)).to_be_visible()
    expect(tab.get_by_role("button", name="Copy")).to_have_count(0)
    context.close()
