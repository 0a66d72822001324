"""`authsome onboard`: make this agent's key and wait until a person decides; move API keys that lie about."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click

from authsome.cli.browser import no_browser_option, open_page
from authsome.cli.onboarding.keys import KeysAsked, import_keys, keys_options, mention_keys
from authsome.cli.output import json_option, say
from authsome.cli.waiting import wait_for
from authsome.client.errors import ClientError
from authsome.client.http import Client
from authsome.client.keys import Key, find_key, new_key, put_key_aside, save_key
from authsome.client.settings import ClientSettings, read_settings
from authsome.identity.errors import IdentityEnded
from authsome.kit.clock import SystemClock

WAITING = ("pending", "released")  # a released one is asked for again, under the handle that it has


@click.command("onboard")
@click.option("--label", help="What people here call this agent; it never leaves the installation.")
@click.option("--new", is_flag=True, help="Make another key and identity; the old key is put aside.")
@click.option("--no-wait", is_flag=True, help="Print the link and the code, and do not wait.")
@no_browser_option
@keys_options
@json_option
def command(
    *, label: str | None, new: bool, no_wait: bool, no_browser: bool, keys: KeysAsked, as_json: bool
) -> None:
    """Make this agent's key and have a person claim it; find and import API keys that lie about.

    Prints a link and a code of eight letters, and waits until somebody opens the link, types the code and
    decides. Run again while it waits, it prints a new link and the old one stops working. With --json it
    prints one object per line: the registration, then the decision.

    With --keys, or any option or PATH that is about keys, it looks for API keys in the environment and in the
    .env files of the working folder, or of each PATH, and shows where they are and never what they are. The
    signed-in person (`authsome sign-in`) ticks what becomes a connection, and can have it taken out of the
    files. A second time, what is connected already is left alone.

    \b
    Examples:
      authsome onboard --label "laptop's agent"
      authsome onboard --no-wait --json
      authsome onboard --new
      authsome onboard --keys
      authsome onboard --keys --dry-run ~/projects/shop/.env
      authsome onboard --import OPENAI_API_KEY --import GITHUB_TOKEN=github/work --take-out
    """
    settings = read_settings()
    if keys.wanted:
        import_keys(settings, keys, as_json=as_json)
        return
    client = Client(settings.address())
    client.get("/health")  # before a key is made or put aside: no half-done work when there is no server
    client.key = _key(settings, new)
    known = _whoami(client)
    if known and known["state"] not in WAITING:
        _tell(known, as_json)
        mention_keys(as_json=as_json)
        return
    made = client.post("/identities", {"label": label})
    _show(made, as_json)
    if no_wait:
        return
    open_page(made["claim_url"], wanted=not no_browser)
    left = (datetime.fromisoformat(made["expires_at"]) - SystemClock().now()).total_seconds()
    _tell(wait_for(lambda: _decided(client), what="for somebody to claim it", seconds=left), as_json)
    mention_keys(as_json=as_json)


def _key(settings: ClientSettings, new: bool) -> Key:
    folder = settings.identity_folder
    if new:
        aside = put_key_aside(folder)
        if aside:
            say(f"The old key is now {aside}.")
    key = None if new else find_key(folder)
    if key is None:
        key = new_key()
        save_key(folder, key)
    return key


def _whoami(client: Client) -> dict[str, Any] | None:
    """What the server knows of the key; None if nobody registered it."""
    try:
        found: dict[str, Any] = client.get("/whoami")
    except ClientError as error:
        if error.code != "identity_unknown":
            raise
        return None
    return found


def _decided(client: Client) -> dict[str, Any] | None:
    found = _whoami(client)
    return found if found and found["state"] not in WAITING else None


def _show(made: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(made))
        return
    click.echo(f"This agent is {made['handle']}.\n")
    click.echo(f"    link    {made['claim_url']}")
    click.echo(f"    code    {made['code']}\n")
    click.echo("Open the link, sign in, type the code, and claim or reject the agent.")


def _tell(known: dict[str, Any], as_json: bool) -> None:
    """The decision; an exit code of its own for a rejection. Raises `IdentityEnded`."""
    if known["state"] != "claimed":
        raise IdentityEnded(f"{known['id']} was {known['state']}")
    if as_json:
        click.echo(json.dumps(known))
        return
    click.echo(f"{known['id']} is claimed. It can use what its principal grants: `authsome connections`.")
