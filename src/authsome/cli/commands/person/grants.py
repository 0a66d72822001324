"""`authsome grants`: which agent may use what. Changes are confirmed on a page."""

from __future__ import annotations

from typing import Any

import click

from authsome.cli.browser import no_browser_option, send_to_page
from authsome.cli.clients import ask_as_either
from authsome.cli.lazy import ListGroup
from authsome.cli.output import json_option, moment, print_json, print_rows
from authsome.cli.references import find_connection, find_identity
from authsome.client.settings import ClientSettings, read_settings
from authsome.grant.errors import GrantMissing


@click.group("grants", cls=ListGroup)
def command() -> None:
    """List which agent may use what, or open the page to change it.

    \b
    Examples:
      authsome grants
      authsome grants add brisk-amber-otter-4821 openai/work
      authsome grants remove brisk-amber-otter-4821 openai/work
    """


@command.command("list")
@json_option
def list_all(as_json: bool) -> None:
    """List live grants. An agent sees its own."""
    found: list[dict[str, Any]] = ask_as_either(read_settings(), lambda client: client.get("/grants"))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            one["handle"],
            one["label"],
            f"{one['provider']}/{one['connection_name']}",
            moment(one["created_at"]),
        )
        for one in found
    ]
    columns = ("agent", "label", "may use", "since")
    print_rows(columns, rows, empty="Nothing is granted yet: `authsome grants add HANDLE PROVIDER`.")


@command.command("add")
@click.argument("handle")
@click.argument("connection")
@no_browser_option
@json_option
def add(handle: str, connection: str, *, no_browser: bool, as_json: bool) -> None:
    """Open the page where you let an agent use a connection.

    \b
    Example:
      authsome grants add brisk-amber-otter-4821 openai/work
    """
    settings = read_settings()
    agent, meant = _look_up(settings, handle, connection)
    text = f"Let {agent['handle']} use {meant['provider']}/{meant['name']} here"
    send_to_page(_page_of(settings, agent), text, wanted=not no_browser, as_json=as_json)


@command.command("remove")
@click.argument("handle")
@click.argument("connection")
@no_browser_option
@json_option
def remove(handle: str, connection: str, *, no_browser: bool, as_json: bool) -> None:
    """Open the page where you take a connection away from an agent.

    \b
    Example:
      authsome grants remove brisk-amber-otter-4821 openai/work
    """
    settings = read_settings()
    agent, meant = _look_up(settings, handle, connection)
    granted = ask_as_either(settings, lambda client: client.get("/grants"))
    pairs = [(one["handle"], one["connection_id"]) for one in granted]
    if (agent["handle"], meant["id"]) not in pairs:
        raise GrantMissing
    text = f"Take {meant['provider']}/{meant['name']} away from {agent['handle']} here"
    send_to_page(_page_of(settings, agent), text, wanted=not no_browser, as_json=as_json)


def _look_up(settings: ClientSettings, handle: str, connection: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both ends, so that a misspelt one is said here and not found on a page."""
    agents = ask_as_either(settings, lambda client: client.get("/identities"))
    connections = ask_as_either(settings, lambda client: client.get("/connections"))
    return find_identity(agents, handle), find_connection(connections, connection)


def _page_of(settings: ClientSettings, agent: dict[str, Any]) -> str:
    return f"{settings.address().base_url}/agents/{agent['handle']}"
