"""`authsome telemetry dead-letters`: facts that a sink refused for good, and what becomes of them."""

from __future__ import annotations

from typing import Any

import click

from authsome.cli.clients import PAGE, ask_as_person
from authsome.cli.lazy import ListGroup
from authsome.cli.output import json_option, moment, print_json, print_rows
from authsome.client.http import Client
from authsome.client.settings import read_settings

PATH = "/telemetry/dead-letters"
which = click.argument("event_ids", metavar="[EVENT]...", nargs=-1)
sink_option = click.option(
    "--sink",
    type=click.Choice(["posthog", "file"]),
    default="posthog",
    show_default=True,
    help="Where they were not taken.",
)
everything = click.option("--all", "all_of_them", is_flag=True, help="All that are listed.")


@click.group("dead-letters", cls=ListGroup)
def command() -> None:
    """List the facts that were refused for good, send them again, or give them up.

    \b
    Examples:
      authsome telemetry dead-letters
      authsome telemetry dead-letters --sink file
      authsome telemetry dead-letters retry --all
      authsome telemetry dead-letters drop evt_01kdsnh000abcdefghjkmnpqrs
    """


@command.command("list")
@sink_option
@json_option
def list_all(sink: str, as_json: bool) -> None:
    """List them, with the reason that PostHog or the last check gave."""
    found = ask_as_person(read_settings(), lambda client: _all(client, sink))
    if as_json:
        print_json(found)
        return
    rows = [(one["event_id"], one["state"], moment(one["refused_at"]), one["reason"]) for one in found]
    print_rows(("event", "state", "since", "reason"), rows, empty="There is none.")


@command.command("retry")
@which
@everything
@sink_option
@json_option
def retry(event_ids: tuple[str, ...], *, all_of_them: bool, sink: str, as_json: bool) -> None:
    """Send EVENT... again, once what was objected to is mended.

    \b
    Examples:
      authsome telemetry dead-letters retry evt_01kdsnh000abcdefghjkmnpqrs
      authsome telemetry dead-letters retry --all
    """
    _decide("retry", event_ids, all_of_them, sink=sink, as_json=as_json)


@command.command("drop")
@which
@everything
@sink_option
@json_option
def drop(event_ids: tuple[str, ...], *, all_of_them: bool, sink: str, as_json: bool) -> None:
    """Give EVENT... up: they are not listed any more, and never sent. The facts stay in the log.

    \b
    Example:
      authsome telemetry dead-letters drop --all
    """
    _decide("drop", event_ids, all_of_them, sink=sink, as_json=as_json)


def _decide(verb: str, event_ids: tuple[str, ...], all_of_them: bool, *, sink: str, as_json: bool) -> None:
    if bool(event_ids) == all_of_them:
        raise click.UsageError("name events, or give --all")
    body = {"sink": sink, "event_ids": list(event_ids) or None}
    answer = ask_as_person(read_settings(), lambda client: client.post(f"{PATH}/{verb}", body))
    if as_json:
        print_json(answer)
        return
    done = {"retry": "will be sent again", "drop": "given up"}[verb]
    click.echo(f"{answer['changed']} {done}.")


def _all(client: Client, sink: str) -> list[dict[str, Any]]:
    """All of them, asked for a hundred at a time."""
    found: list[dict[str, Any]] = client.get(PATH, {"sink": sink})
    page = found
    while len(page) == PAGE:
        page = client.get(PATH, {"sink": sink, "after": str(page[-1]["position"])})
        found = found + page
    return found
