"""`authsome whoami`: whose key is here, and in which state."""

from __future__ import annotations

import click

from authsome.cli.clients import as_agent, ask_as_person
from authsome.cli.output import json_option, print_json
from authsome.client.keys import find_key
from authsome.client.settings import read_settings

NEXT = {
    "pending": "Nobody has claimed it yet: `authsome onboard` prints a new link.",
    "rejected": "It was turned away: `authsome onboard --new` makes another one.",
    "released": "Its principal let it go: `authsome onboard` prints a new link.",
    "revoked": "It was revoked: `authsome onboard --new` makes another one.",
}


@click.command("whoami")
@click.option("--person", is_flag=True, help="The person signed in at this terminal, not the agent.")
@json_option
def command(person: bool, as_json: bool) -> None:
    """Say whose key is here, and in which state.

    The agent's, if there is one; else the signed-in person's.

    \b
    Examples:
      authsome whoami
      authsome whoami --person --json
    """
    settings = read_settings()
    only_person = (
        find_key(settings.identity_folder) is None and find_key(settings.terminal_folder) is not None
    )
    if person or only_person:
        found = ask_as_person(settings, lambda client: client.get("/whoami"))
    else:
        found = as_agent(settings).get("/whoami")
    if as_json:
        print_json(found)
        return
    click.echo(f"{found['kind']} {found['id']}, {found['state'].replace('_', ' ')}")
    click.echo(f"did        {found['did']}")
    if found["principal_id"]:
        click.echo(f"principal  {found['principal_id']}{' (admin)' if found['is_admin'] else ''}")
    if found["state"] in NEXT:
        click.echo(NEXT[found["state"]])
