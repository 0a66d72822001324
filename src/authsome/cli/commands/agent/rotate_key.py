"""`authsome rotate-key`: give this agent another key; everything else about it stays."""

from __future__ import annotations

import click

from authsome.cli.output import json_option, print_json
from authsome.cli.rotation import rotate
from authsome.client.http import Client
from authsome.client.settings import read_settings


@click.command("rotate-key")
@json_option
def command(as_json: bool) -> None:
    """Replace this agent's key by a new one.

    Handle, grants and running commands stay. The old key never works again, here or on any copy of it. If the
    answer is lost on the way, run it again: it finds out which key holds and finishes.

    \b
    Examples:
      authsome rotate-key
      authsome rotate-key --json
    """
    settings = read_settings()
    address = settings.address()
    known = rotate(settings.identity_folder, lambda key: Client(address, key))
    if as_json:
        print_json(known)
        return
    click.echo(f"{known['id']} has a new key.")
    click.echo(f"did        {known['did']}")
