"""`authsome sign-in`: let this terminal act as a person, for an hour."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode

import click

from authsome.claim.model import spell_code
from authsome.cli.browser import no_browser_option, open_page
from authsome.cli.output import json_option, print_json, say
from authsome.cli.waiting import wait_for
from authsome.client.errors import ClientError
from authsome.client.http import Client
from authsome.client.keys import find_key, new_key, replace_key
from authsome.client.settings import read_settings

WAIT_SECONDS = 600.0


@click.command("sign-in")
@no_browser_option
@json_option
def command(no_browser: bool, as_json: bool) -> None:
    """Let this terminal act as you, for an hour.

    Opens a page that shows the same code as this terminal and asks for your password. What decides or
    destroys is still confirmed on a page each time.

    \b
    Examples:
      authsome sign-in
      authsome sign-in --no-browser
    """
    settings = read_settings()
    address = settings.address()
    Client(address).get("/health")
    key = new_key()
    code = spell_code(hashlib.sha256(key.did.encode()).digest()).reveal()
    link = f"{address.base_url}/sign-in?{urlencode({'did': key.did, 'code': code})}"
    say(f"Open this page and let the terminal in, if it shows the code {code}:\n\n    {link}\n")
    open_page(link, wanted=not no_browser)
    known = wait_for(lambda: _let_in(Client(address, key)), what="to be let in", seconds=WAIT_SECONDS)
    before = find_key(settings.terminal_folder) if settings.terminal_folder.exists() else None
    replace_key(settings.terminal_folder, key)
    if before is not None:
        _end(Client(address, before))
    if as_json:
        print_json(known)
        return
    click.echo(f"Signed in as {known['id']}{', an admin' if known['is_admin'] else ''}, for an hour.")


def _let_in(client: Client) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = client.get("/whoami")
    except ClientError as error:
        if error.code not in ("identity_unknown", "session_missing"):
            raise
        return None
    return found


def _end(client: Client) -> None:
    """The session before this one is of no more use; one that ended by itself says so, which is as good."""
    try:
        client.post("/sign-outs")
    except ClientError as error:
        if error.code not in ("identity_unknown", "session_missing"):
            raise
