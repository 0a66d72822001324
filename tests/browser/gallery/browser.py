"""How the tests start Chromium: no sandbox (they may run as root), nothing fetched behind their back."""

from __future__ import annotations

from tests.conftest import CHROMIUM, MISSING

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def installed() -> str:
    """The browser's path. Raises `SystemExit` with the command that installs one."""
    if CHROMIUM is None:
        raise SystemExit(MISSING)
    return CHROMIUM
