"""Photographs every sample page: `python -m tests.browser.gallery.look FOLDER [NAME…]`.

Each is taken in light and dark, at the width of a desk and of a phone, for a person to look at.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.gallery.browser import ARGUMENTS, installed
from tests.browser.gallery.serve import LOOKED_AT, serving

WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}
SCHEMES = ("light", "dark")


def look(browser: Browser, address: str, folder: Path, names: list[str]) -> None:
    """One file per page, scheme and width: `claim.dark.phone.png`."""
    for scheme in SCHEMES:
        for place, (width, height) in WIDTHS.items():
            context = browser.new_context(
                color_scheme="dark" if scheme == "dark" else "light",
                viewport={"width": width, "height": height},
                reduced_motion="reduce",
            )
            tab = context.new_page()
            for name in names:
                tab.goto(f"{address}/pages/{name}")
                tab.screenshot(path=folder / f"{name}.{scheme}.{place}.png", full_page=True)
            context.close()


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    names = sys.argv[2:] or LOOKED_AT
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=ARGUMENTS)
        look(browser, address, folder, names)
        browser.close()
    print(f"{len(names)} pages in {folder}")


if __name__ == "__main__":
    main()
