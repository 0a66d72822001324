"""`authsome sign-out`: end this terminal's session."""

from __future__ import annotations

import click

from authsome.client.errors import ClientError
from authsome.client.http import Client
from authsome.client.keys import find_key, forget_key
from authsome.client.settings import read_settings


@click.command("sign-out")
def command() -> None:
    """End this terminal's session, and forget its key.

    \b
    Example:
      authsome sign-out
    """
    settings = read_settings()
    key = find_key(settings.terminal_folder)
    if key is None:
        click.echo("Nobody is signed in at this terminal.")
        return
    try:
        Client(settings.address(), key).post("/sign-outs")
    except ClientError as error:
        if error.code not in ("identity_unknown", "session_missing"):
            raise
    forget_key(settings.terminal_folder)
    click.echo("Signed out.")
