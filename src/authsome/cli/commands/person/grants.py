"""`authsome grants`: which agent may use what. Changes are confirmed on a page."""

from __future__ import annotations

from typing import Any

import click

from authsome.cli.browser import no_browser_option, send_to_page
from authsome.cli.clients import ask_as_either
from authsome.cli.lasting import for_option
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
      authsome grants add brisk-amber-otter-4821 openai/work --for 7d
      authsome grants change brisk-amber-otter-4821 openai/work --for 30d
      authsome grants remove brisk-amber-otter-4821 openai/work
    """


@command.command("list")
@json_option
def list_all(as_json: bool) -> None:
    """List grants, and until when each lasts. An agent sees its own."""
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
            _until(one),
        )
        for one in found
    ]
    columns = ("agent", "label", "may use", "since", "until")
    print_rows(columns, rows, empty="Nothing is granted yet: `authsome grants add HANDLE PROVIDER`.")


@command.command("add")
@click.argument("handle")
@click.argument("connection")
@for_option("How long it lasts, such as 12h or 7d; until you take it away, if not given.")
@no_browser_option
@json_option
def add(handle: str, connection: str, *, lasting: str | None, no_browser: bool, as_json: bool) -> None:
    """Open the page where you let an agent use a connection.

    \b
    Examples:
      authsome grants add brisk-amber-otter-4821 openai/work
      authsome grants add brisk-amber-otter-4821 openai/work --for 7d
    """
    settings = read_settings()
    agent, meant = _look_up(settings, handle, connection)
    text = f"Let {agent['handle']} use {meant['provider']}/{meant['name']} here"
    page = _page_of(settings, agent) + (f"?for={lasting}" if lasting else "")
    send_to_page(page, text, wanted=not no_browser, as_json=as_json)


@command.command("change")
@click.argument("handle")
@click.argument("connection")
@for_option("How long it lasts from now on, such as 12h or 30d.")
@click.option("--forever", is_flag=True, help="It lasts until you take it away.")
@no_browser_option
@json_option
def change(
    handle: str, connection: str, *, lasting: str | None, forever: bool, no_browser: bool, as_json: bool
) -> None:
    """Open the page where you say how long a grant of yours lasts, also one that has run out.

    \b
    Examples:
      authsome grants change brisk-amber-otter-4821 openai/work --for 30d
      authsome grants change brisk-amber-otter-4821 openai/work --forever
    """
    if forever is (lasting is not None):
        raise click.UsageError("Say either --for LENGTH or --forever.")
    settings = read_settings()
    agent, grant = _granted(settings, handle, connection)
    text = f"Say how long {agent['handle']} may use {grant['provider']}/{grant['connection_name']} here"
    page = f"{_page_of(settings, agent)}/grants/{grant['id']}" + (f"?for={lasting}" if lasting else "")
    send_to_page(page, text, wanted=not no_browser, as_json=as_json)


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
    agent, grant = _granted(settings, handle, connection)
    text = f"Take {grant['provider']}/{grant['connection_name']} away from {agent['handle']} here"
    page = _page_of(settings, agent)
    if grant["has_expired"]:
        page += f"/grants/{grant['id']}"  # it is not ticked on the agent's own page
    send_to_page(page, text, wanted=not no_browser, as_json=as_json)


def _look_up(settings: ClientSettings, handle: str, connection: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both ends, so that a misspelt one is said here and not found on a page."""
    agents = ask_as_either(settings, lambda client: client.get("/identities"))
    connections = ask_as_either(settings, lambda client: client.get("/connections"))
    return find_identity(agents, handle), find_connection(connections, connection)


def _granted(settings: ClientSettings, handle: str, connection: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The agent and its grant. Raises `GrantMissing`."""
    agent, meant = _look_up(settings, handle, connection)
    for one in ask_as_either(settings, lambda client: client.get("/grants")):
        if (one["handle"], one["connection_id"]) == (agent["handle"], meant["id"]):
            return agent, one
    raise GrantMissing


def _until(one: dict[str, Any]) -> str:
    when = moment(one["expires_at"])
    return f"ran out {when}" if one["has_expired"] else when or "taken away"


def _page_of(settings: ClientSettings, agent: dict[str, Any]) -> str:
    return f"{settings.address().base_url}/agents/{agent['handle']}"
