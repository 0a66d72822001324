"""`authsome telemetry`: what leaves this installation, and the exact bytes of it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import click

from authsome.cli.browser import no_browser_option, open_page
from authsome.cli.clients import ask_as_person
from authsome.cli.commands.host import consent, dead_letters, lanes
from authsome.cli.output import json_option, moment, print_json, printable
from authsome.client.http import Client
from authsome.client.settings import read_settings


@click.group("telemetry")
def command() -> None:
    """Show what leaves this installation. Admins only.

    \b
    Examples:
      authsome telemetry status
      authsome telemetry consent
      authsome telemetry preview
      authsome telemetry catalogue
    """


for part in (lanes.command, consent.command, dead_letters.command):
    command.add_command(part)


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
    if found["consent"]:
        _print_terms(found["consent"])
    if not found["real"]:
        click.echo("Nothing leaves this installation. This is what would, if it were turned on:", err=True)
    click.echo(found["body"])
    for refusal in found["refused"]:
        click.echo(f"not sent: {printable(refusal['event_id'])}: {printable(refusal['reason'])}", err=True)


def _print_terms(window: dict[str, Any]) -> None:
    """Beside the bytes, on standard error: under which consent they leave."""
    since, agreed = moment(window["opened_at"]), window["catalogue_hash"][:8]
    form = consent.form_of(window)
    click.echo(f"Consent window {window['id']}, since {since}: {form}, catalogue {agreed}.", err=True)


@command.command("export")
@click.option(
    "--format", "line_format", type=click.Choice(["jsonl", "cloudevents"]), default="jsonl", show_default=True
)
@click.option("--after", type=click.IntRange(min=0), default=0, help="Begin behind this position of the log.")
def export(line_format: str, after: int) -> None:
    """Print every fact as one line of JSON, with the fields that may leave and no others.

    For other pipelines: the whole log in its order, also as CloudEvents. `authsome analytics export` is for
    your own tools instead: tables with a column per field, of some events and days.

    \b
    Examples:
      authsome telemetry export > facts.jsonl
      authsome telemetry export --format cloudevents
    """
    settings = read_settings()
    position: int | None = after
    while position is not None:
        query = {"format": line_format, "after": str(position)}
        page = ask_as_person(settings, partial(Client.get, path="/telemetry/export", query=query))
        for line in page["lines"]:
            click.echo(line)
        position = page["next"]


@command.command("export-past")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="From this day on, in UTC.")
@no_browser_option
@json_option
def export_past(since: datetime, no_browser: bool, as_json: bool) -> None:
    """Open the page where an admin lets facts from before the consent leave.

    \b
    Example:
      authsome telemetry export-past --since 2026-01-31
    """
    url = f"{read_settings().address().base_url}/telemetry/export-past?since={since.date()}"
    if as_json:
        print_json({"url": url})
        return
    click.echo(f"Let the past leave here, with your password:\n\n    {url}\n")
    open_page(url, wanted=not no_browser)


@command.command("catalogue")
@json_option
def catalogue(as_json: bool) -> None:
    """List every event of this version: meaning, fields, privacy classes, tiles, the name before.

    Needs no server and no sign-in.

    \b
    Examples:
      authsome telemetry catalogue
      authsome telemetry catalogue --json
    """
    from authsome.analytics.catalogued import catalogued  # every noun: only this command pays for them

    events = catalogued()
    if as_json:
        print_json(events)
        return
    for event in events:
        _print_event(event)


def _print_event(event: dict[str, Any]) -> None:
    click.echo(event["name"])
    click.echo(f"    {event['meaning'].splitlines()[0]}")
    for name, field in event["fields"].items():
        click.echo(f"    {name:<24}{field['privacy']}")
    shown = ", ".join(event["tiles"]) or event["purpose"]
    click.echo(f"    shown by: {shown}")
    if event["old_name"]:
        click.echo(f"    before issue 428: {event['old_name']}")
    click.echo()
