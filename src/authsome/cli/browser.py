"""Open a page for the person at this machine, where there is a desktop to open it on."""

from __future__ import annotations

import os
import subprocess
import sys

import click

from authsome.cli.output import print_json

no_browser_option = click.option("--no-browser", is_flag=True, help="Print the link and open nothing.")


def open_page(url: str, *, wanted: bool) -> bool:
    """Whether a browser was asked to open `url`. Never one in this terminal, and never with output here."""
    if not wanted or not _has_desktop():
        return False
    command = "open" if sys.platform == "darwin" else "xdg-open"
    try:
        subprocess.Popen(
            [command, url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True


def send_to_page(url: str, text: str, *, wanted: bool, as_json: bool) -> None:
    """Say where a person confirms with their password, and open it. As JSON, only say it."""
    if as_json:
        print_json({"url": url})
        return
    click.echo(f"{text}, with your password:\n\n    {url}\n")
    open_page(url, wanted=wanted)


def _has_desktop() -> bool:
    if os.environ.get("SSH_CONNECTION"):
        return False
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
