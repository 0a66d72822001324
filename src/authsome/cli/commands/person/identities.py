"""`authsome identities`: the agents that were claimed."""

from __future__ import annotations

from typing import Any

import click

from authsome.cli.clients import ask_as_either
from authsome.cli.output import json_option, moment, print_json, print_rows
from authsome.client.settings import read_settings


@click.command("identities")
@json_option
def command(as_json: bool) -> None:
    """List your agents.

    An agent sees itself; a signed-in person sees all of theirs.

    \b
    Examples:
      authsome identities
      authsome identities --json
    """
    found: list[dict[str, Any]] = ask_as_either(read_settings(), lambda client: client.get("/identities"))
    if as_json:
        print_json(found)
        return
    print_rows(
        ("handle", "label", "state", "claimed"),
        [(one["handle"], one["label"], one["state"], moment(one["claimed_at"])) for one in found],
        empty="No agent is claimed yet: `authsome onboard` in the agent's terminal.",
    )
