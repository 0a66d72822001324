"""`authsome telemetry`: what leaves this installation, and the exact bytes of it."""

from __future__ import annotations

import click

from authsome.cli.clients import ask_as_person
from authsome.cli.output import json_option, print_json, printable
from authsome.client.settings import read_settings

SAID = (
    ("since", "since"),
    ("lag", "facts waiting"),
    ("last_answer", "last answer"),
    ("answered_at", "answered at"),
    ("paused", "paused"),
    ("resumes_at", "tries again at"),
    ("dead_letters", "refused for good"),
    ("usage_dropped", "usage not counted"),
)


@click.group("telemetry")
def command() -> None:
    """Show what leaves this installation. Admins only.

    \b
    Examples:
      authsome telemetry status
      authsome telemetry preview
    """


@command.command("status")
@json_option
def status(as_json: bool) -> None:
    """Say whether anything is sent, where, and how that goes.

    \b
    Example:
      authsome telemetry status --json
    """
    found = ask_as_person(read_settings(), lambda client: client.get("/telemetry/status"))
    if as_json:
        print_json(found)
        return
    click.echo(f"Telemetry is {found['mode']}: {printable(found['because'])}")
    if found["mode"] == "on":
        click.echo(f"{'sent to':<20}{printable(found['host'])}")
    for key, title in SAID:
        if found.get(key) not in (None, ""):
            click.echo(f"{title:<20}{printable(found[key])}")
    for warning in found["warnings"]:
        click.echo(f"Warning: {printable(warning)}")
    for letter in found["latest_dead_letters"]:
        click.echo(f"refused: {printable(letter['event_id'])}: {printable(letter['reason'])}")


@command.command("preview")
@json_option
def preview(as_json: bool) -> None:
    """Print the exact bytes that the next request would carry, but for the key.

    Where nothing is sent, it is an example made of the latest facts, and standard error says so.

    \b
    Example:
      authsome telemetry preview | python -m json.tool
    """
    found = ask_as_person(read_settings(), lambda client: client.get("/telemetry/preview"))
    if as_json:
        print_json(found)
        return
    if not found["real"]:
        click.echo("Nothing leaves this installation. This is what would, if it were turned on:", err=True)
    click.echo(found["body"])
    for refusal in found["refused"]:
        click.echo(f"not sent: {printable(refusal['event_id'])}: {printable(refusal['reason'])}", err=True)
