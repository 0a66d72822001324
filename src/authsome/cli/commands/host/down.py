"""`authsome down`: stop the server of this home."""

from __future__ import annotations

import os
import signal
import time

import click

from authsome.client.server_lock import holder
from authsome.client.settings import read_settings
from authsome.kit.errors import UnavailableError

WAIT_SECONDS = 15.0


class ServerHangs(UnavailableError):
    """The server was told to stop and still runs."""

    code = "server_hangs"
    hint = "look at its log, then run `authsome down` again, or end the process with kill -9"


@click.command("down")
def command() -> None:
    """Stop the server on this machine.

    Open requests get a moment to finish. Does nothing if no server runs.

    \b
    Example:
      authsome down
    """
    folder = read_settings().server_folder
    process = holder(folder)
    if process is None:
        click.echo("No server is running.")
        return
    if process:
        os.kill(process, signal.SIGTERM)
    deadline = time.monotonic() + WAIT_SECONDS
    while holder(folder) is not None:
        if time.monotonic() > deadline:
            raise ServerHangs(f"process {process} was told to stop and still runs")
        time.sleep(0.01)
    click.echo("The server has stopped.")
