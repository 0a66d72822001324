"""What every test shares: where Chromium is, and the loud line when it is missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next((path for path in map(shutil.which, NAMES) if path), None)
REQUIRED = os.environ.get("AUTHSOME_REQUIRE_BROWSER") == "1"
MISSING = f"no Chromium found ({', '.join(NAMES)}); on Debian: apt-get install chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in tests/browser, and skip it where there is no browser, unless one is required."""
    for item in items:
        if item.path.is_relative_to(TESTS / "browser"):
            item.add_marker("browser")
    driven = [item for item in items if item.get_closest_marker("browser")]
    if driven and REQUIRED and not CHROMIUM:
        raise pytest.UsageError(f"AUTHSOME_REQUIRE_BROWSER=1, but {MISSING}")
    for item in driven if not CHROMIUM else ():
        item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium, for tests that are marked `browser`."""
    assert CHROMIUM, MISSING
    return CHROMIUM


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the very end, in red, when the pages were not looked at."""
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if MISSING in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_sep("!", f"{len(skipped)} BROWSER TESTS SKIPPED", red=True, bold=True)
        terminalreporter.write_line(MISSING, red=True)
