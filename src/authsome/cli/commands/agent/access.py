"""`authsome access`: an agent asks its principal for what it was refused; the principal decides."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import click

from authsome.cli.browser import no_browser_option, send_to_page
from authsome.cli.clients import as_agent, ask_as_either, ask_as_person
from authsome.cli.lasting import for_option
from authsome.cli.lazy import ListGroup
from authsome.cli.output import json_option, moment, print_json, print_rows, say
from authsome.cli.waiting import WaitedTooLong, wait_for
from authsome.client.http import Client
from authsome.client.settings import read_settings
from authsome.grant.access.errors import AccessRequestGone
from authsome.grant.lasting import spell_length
from authsome.kit.clock import SystemClock
from authsome.kit.errors import DeniedError

OPEN = "open"


class AccessTurnedDown(DeniedError):
    """The principal has denied this access request."""

    code = "access_turned_down"
    hint = "do without it, or ask your principal; the same can be asked for again after a day"


@click.group("access", cls=ListGroup)
def command() -> None:
    """Ask for access to a provider as an agent, or decide what agents ask for.

    \b
    Examples:
      authsome access request openai --for 7d --note "nightly summaries" --wait
      authsome access
      authsome access approve acr_01kdsnh000abcdefghjkmnpqrs
      authsome access deny acr_01kdsnh000abcdefghjkmnpqrs
    """


@command.command("request")
@click.argument("provider")
@click.option("--connection", metavar="NAME", help="Which connection, where it matters.")
@for_option("For how long, such as 12h or 7d; without end, if not given.")
@click.option("--note", help="What it is for, in a few words. The principal reads it; it goes nowhere else.")
@click.option("--wait", "waits", is_flag=True, help="Wait until it is decided.")
@click.option(
    "--timeout",
    type=click.IntRange(1, 604_800),
    metavar="SECONDS",
    help="How long to wait; as long as the request is open, if not given.",
)
@json_option
def request(
    provider: str,
    *,
    connection: str | None,
    lasting: str | None,
    note: str | None,
    waits: bool,
    timeout: int | None,
    as_json: bool,
) -> None:
    """Ask this agent's principal to let it use PROVIDER.

    They see the request on their pages and with `authsome access`, and approve it with their password or deny
    it. It is open for a week. Asked again while it is open, it is the same request; denied, the same cannot
    be asked for again for a day.

    With --wait it ends with 0 once approved, 4 where it is denied, and 7 where nobody decided in time; the
    request stays open then.

    \b
    Examples:
      authsome access request openai
      authsome access request github --connection work --for 7d
      authsome access request github --wait --timeout 600
    """
    client = as_agent(read_settings())
    body = {"provider": provider, "connection_name": connection, "lasting": lasting, "note": note}
    made = client.post("/access-requests", body)
    if waits:
        say(f"{made['id']} asks for {provider}. Its principal decides here:\n\n    {made['url']}\n")
        made = _decided(client, made, timeout)
    if as_json:
        print_json(made)
    elif waits:
        click.echo(f"Approved: this agent may use {provider}.")
    else:
        click.echo(f"{made['id']} asks for {provider}. Its principal decides here:\n\n    {made['url']}\n")


@command.command("list")
@json_option
def list_all(*, as_json: bool) -> None:
    """List what is asked for and not decided. An agent sees its own requests."""
    found: list[dict[str, Any]] = ask_as_either(
        read_settings(), lambda client: client.get("/access-requests")
    )
    if as_json:
        print_json(found)
        return
    rows = [
        (one["id"], one["handle"], _wanted(one), _lasting(one), one["note"], moment(one["expires_at"]))
        for one in found
    ]
    columns = ("request", "agent", "asks for", "for", "note", "open until")
    print_rows(columns, rows, empty="Nothing is asked for: `authsome access request PROVIDER` as an agent.")


@command.command("approve")
@click.argument("request_id", metavar="REQUEST")
@no_browser_option
@json_option
def approve(request_id: str, *, no_browser: bool, as_json: bool) -> None:
    """Open the page where you approve a REQUEST: which connection, and for how long.

    \b
    Example:
      authsome access approve acr_01kdsnh000abcdefghjkmnpqrs
    """
    one = ask_as_person(read_settings(), lambda client: client.get(_path(request_id)))
    if one["state"] != OPEN:
        raise AccessRequestGone
    text = f"Let {one['handle']} use {one['provider']} here"
    send_to_page(one["url"], text, wanted=not no_browser, as_json=as_json)


@command.command("deny")
@click.argument("request_id", metavar="REQUEST")
@json_option
def deny(request_id: str, *, as_json: bool) -> None:
    """Turn a REQUEST down. It needs no page, since it gives nothing.

    \b
    Example:
      authsome access deny acr_01kdsnh000abcdefghjkmnpqrs
    """
    one = ask_as_person(read_settings(), lambda client: client.post(f"{_path(request_id)}/deny"))
    if as_json:
        print_json(one)
        return
    click.echo(f"Denied: {one['handle']} asked for {_wanted(one)}.")


def _path(request_id: str) -> str:
    return f"/access-requests/{quote(request_id, safe='')}"


def _decided(client: Client, made: dict[str, Any], seconds: int | None) -> dict[str, Any]:
    """What became of it. Raises `AccessTurnedDown` or `WaitedTooLong`."""

    def look() -> dict[str, Any] | None:
        found: dict[str, Any] = client.get(f"/access-requests/{made['id']}")
        return found if found["state"] != OPEN else None

    left = (datetime.fromisoformat(made["expires_at"]) - SystemClock().now()).total_seconds()
    decided = wait_for(look, what="for the principal", seconds=seconds or left + 2)
    if decided["state"] == "denied":
        raise AccessTurnedDown
    if decided["state"] != "approved":
        raise WaitedTooLong("nobody decided it in time", hint="ask again with `authsome access request`")
    return decided


def _wanted(one: dict[str, Any]) -> str:
    name = one["connection_name"]
    return f"{one['provider']}/{name}" if name else str(one["provider"])


def _lasting(one: dict[str, Any]) -> str:
    seconds = one["lasts_seconds"]
    return spell_length(timedelta(seconds=seconds)) if seconds else "no end"
