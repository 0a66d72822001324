"""`authsome admin`: what only the server's own user can do, on its host."""

from __future__ import annotations

import click

from authsome.cli.host import ask_host
from authsome.cli.output import json_option, print_json
from authsome.client.settings import read_settings


@click.group("admin")
def command() -> None:
    """Help an admin who is locked out. As the server's user, on its host.

    \b
    Example:
      authsome admin recover --email ada@example.org
    """


@command.command("recover")
@click.option("--email", help="Which admin; needed where there are several.")
@json_option
def recover(email: str | None, as_json: bool) -> None:
    """Make a link with which an admin sets a new password, within the hour.

    \b
    Examples:
      authsome admin recover
      authsome admin recover --email ada@example.org
    """
    made = ask_host(read_settings(), "/reset-links", {"email": email})
    if as_json:
        print_json(made)
        return
    click.echo(f"Within the hour:\n\n    {made['url']}\n")
