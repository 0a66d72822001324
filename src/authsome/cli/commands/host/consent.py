"""`authsome telemetry consent`: since when which facts may leave, in which form, under which catalogue."""

from __future__ import annotations

from typing import Any

import click

from authsome.cli.clients import ask_as_person
from authsome.cli.output import json_option, moment, print_json, printable
from authsome.client.settings import read_settings

REASONS = {
    "environment": "turned on",
    "terms": "another form",
    "catalogue": "another version",
    "past": "the past, by an admin",
}


@click.command("consent")
@json_option
def command(as_json: bool) -> None:
    """Show every consent window, the newest first: which facts may leave since when, and how.

    A window that is open takes facts up to the end of the log. A fact outside all of them never leaves.

    \b
    Examples:
      authsome telemetry consent
      authsome telemetry consent --json
    """
    found = ask_as_person(read_settings(), lambda client: client.get("/telemetry/consent"))
    if as_json:
        print_json(found)
        return
    if not found["windows"]:
        click.echo("Nothing was ever allowed to leave.", err=True)
    for window in found["windows"]:
        _print(window)
    for window in found["windows"][:1]:
        for line in what_is_new(window, found["catalogue_hash"]):
            click.echo(line)


def form_of(said: dict[str, Any]) -> str:
    """In which form facts leave, as a window or the status has it."""
    ids = "keyed pseudonyms" if said["pseudonyms"] else "ids as they are"
    return f"{ids}, and a group for each principal" if said["group"] else ids


def _print(window: dict[str, Any]) -> None:
    upto = window["upto"]
    facts = f"{window['behind'] + 1} on" if upto is None else _stretch(window["behind"], upto)
    until = f"until {moment(window['closed_at'])}" if window["closed_at"] else "open"
    reason = f" ({REASONS[window['reason']]})" if window["reason"] else ""
    click.echo(f"From {moment(window['opened_at'])}{reason}, {until}: facts {facts}")
    click.echo(f"    {form_of(window)}; catalogue {window['catalogue_hash'][:8]}")


def _stretch(behind: int, upto: int) -> str:
    return f"{behind + 1} to {upto}" if upto > behind else "none"


def what_is_new(window: dict[str, Any], today: str) -> list[str]:
    """What the catalogue has gained since the window was opened, one line each."""
    if window["catalogue_hash"] == today:
        return []
    if window["new_events"] is None:
        return ["The catalogue has changed since the newest window was opened."]
    lines = ["The catalogue has changed since the newest window was opened. New are:"]
    lines += [f"    {printable(name)}" for name in (*window["new_events"], *window["new_fields"])]
    return lines if len(lines) > 1 else ["The catalogue has changed since, and nothing more would leave."]
