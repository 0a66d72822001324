"""`authsome analytics rebuild`: make the numbers anew from the event log."""

from __future__ import annotations

from typing import Any

import click

from authsome.cli.clients import ask_as_person
from authsome.cli.output import json_option, print_json
from authsome.cli.waiting import wait_for
from authsome.client.settings import read_settings

PATH = "/analytics/rebuild"
LONGEST_SECONDS = 12 * 3600.0


@click.command("rebuild")
@json_option
def rebuild(as_json: bool) -> None:
    """Make all numbers anew from the event log, and wait until that is done.

    What retention has deleted stays in the numbers. Pages show less meanwhile, and say how many facts they
    do not count yet. It goes on when the command is stopped, and after a restart of the server; the command,
    run again, joins in.

    \b
    Examples:
      authsome analytics rebuild
      authsome analytics rebuild --json
    """
    settings = read_settings()
    begun = ask_as_person(settings, lambda client: client.post(PATH))
    seen = dict(begun)

    def look() -> dict[str, Any] | None:
        seen.update(ask_as_person(settings, lambda client: client.get(PATH))["last"])
        return None if seen["under_way"] and seen["id"] == begun["id"] else seen

    def how_far() -> str:
        return f"{seen['folded']:,} of {seen['facts']:,} facts"

    found = wait_for(look, what="for the numbers", seconds=LONGEST_SECONDS, how_far=how_far)
    if as_json:
        print_json(found)
    else:
        click.echo(f"The numbers are made anew: {found['facts']:,} facts were counted again.")
