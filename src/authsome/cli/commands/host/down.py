"""`authsome down`: stop the server of this home."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import click

from authsome.cli.output import json_option, print_json
from authsome.client.server_lock import holder
from authsome.client.settings import read_settings
from authsome.kit.errors import UnavailableError

WAIT_SECONDS = 15.0


class ServerHangs(UnavailableError):
    """The server was told to stop and still runs."""

    code = "server_hangs"
    hint = "look at its log, then run `authsome down` again, or end the process with kill -9"


@click.command("down")
@json_option
def command(as_json: bool) -> None:
    """Stop the server on this machine.

    Open requests get a moment to finish. Does nothing if no server runs.

    \b
    Example:
      authsome down
    """
    stopped = _stop(read_settings().server_folder)
    if as_json:
        print_json({"running": False, "stopped": stopped})
    else:
        click.echo("The server has stopped." if stopped else "No server is running.")


def _stop(folder: Path) -> bool:
    """Whether there was one to stop. Raises `ServerHangs`."""
    process = holder(folder)
    if process is None:
        return False
    if process:
        os.kill(process, signal.SIGTERM)
    deadline = time.monotonic() + WAIT_SECONDS
    while holder(folder) is not None:
        if time.monotonic() > deadline:
            raise ServerHangs(f"process {process} was told to stop and still runs")
        time.sleep(0.01)
    return True
