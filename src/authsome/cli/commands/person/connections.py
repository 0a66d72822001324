"""`authsome connections`: list them, make one with a key from standard input, end one."""

from __future__ import annotations

from typing import Any

import click

from authsome.cli.clients import ask_as_either, ask_as_person
from authsome.cli.commands.person import arrange
from authsome.cli.lazy import ListGroup
from authsome.cli.output import json_option, moment, print_json, print_rows, printable
from authsome.cli.references import find_connection
from authsome.cli.typed import read_key
from authsome.client.settings import read_settings
from authsome.connection.errors import FlowUnavailable
from authsome.provider.errors import ProviderMissing


@click.group("connections", cls=ListGroup)
def command() -> None:
    """List your connections, make one, or end one.

    \b
    Examples:
      authsome connections
      authsome connections add openai --name work < key.txt
      authsome connections default openai/work
      authsome connections revoke openai/work
    """


for one in (arrange.default, arrange.check, arrange.share, arrange.unshare, arrange.export):
    command.add_command(one)


@command.command("list")
@click.option("--ended", is_flag=True, help="List those of yours that ended last instead.")
@json_option
def list_all(*, ended: bool, as_json: bool) -> None:
    """List live connections, those that others share among them. An agent sees what is granted to it.

    \b
    Examples:
      authsome connections
      authsome connections list --ended
    """
    if ended:
        _list_ended(as_json=as_json)
        return
    found: list[dict[str, Any]] = ask_as_either(read_settings(), lambda client: client.get("/connections"))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            f"{one['provider']}/{one['name']}",
            one["state"].replace("_", " "),
            "yes" if one["is_default"] and one["is_own"] else "",
            _sharing(one),
            one["holder"],
            moment(one["created_at"]),
            moment(one["first_used_at"]) or "never",
            one["id"],
        )
        for one in found
    ]
    columns = ("connection", "state", "default", "shared", "account", "made", "first used", "id")
    print_rows(columns, rows, empty="No connection yet: `authsome login openai`, for example.")
    for one in found:
        if one["missing_scopes"]:
            missing = ", ".join(one["missing_scopes"])
            click.echo(f"{one['provider']}/{one['name']}: the provider did not give {printable(missing)}.")
        if one["problem"] and one["is_own"]:
            again = f"authsome login {one['provider']} --connection {one['name']}"
            click.echo(f"{one['provider']}/{one['name']}: {one['problem']}. Connect it again: `{again}`.")


@command.command("add")
@click.argument("provider")
@click.option("--name", default="default", show_default=True, help="The connection's name.")
@json_option
def add(provider: str, name: str, as_json: bool) -> None:
    """Connect PROVIDER with an API key from standard input.

    Where the provider takes several texts, each comes on a line of its own as name=value; at a terminal they
    are asked for. The key is never an argument: arguments can be seen by every process of the machine.

    \b
    Examples:
      authsome connections add openai --name work < key.txt
      pass show openai | authsome connections add openai
      printf 'account_sid=%s\nauth_token=%s\n' "$SID" "$TOKEN" | authsome connections add twilio
    """
    settings = read_settings()
    fields = _fields_of(provider, ask_as_person(settings, lambda client: client.get("/providers")))
    body = {"provider": provider, "name": name, **read_key(fields)}
    made = ask_as_person(settings, lambda client: client.post("/connections", body))
    if as_json:
        print_json(made)
        return
    click.echo(f"Connected: {made['provider']}/{made['name']}.")
    click.echo(f"An agent may use it once it is granted: `authsome grants add HANDLE {made['provider']}`.")


@command.command("revoke")
@click.argument("connection")
@json_option
def revoke(connection: str, as_json: bool) -> None:
    """Stop a connection for good, by PROVIDER, PROVIDER/NAME or id.

    \b
    Example:
      authsome connections revoke openai/work
    """
    _end(connection, "revoke", as_json=as_json)


@command.command("logout")
@click.argument("connection")
@json_option
def log_out(connection: str, as_json: bool) -> None:
    """Put your own connection away and forget its secret here.

    \b
    Example:
      authsome connections logout openai/work
    """
    _end(connection, "log-out", as_json=as_json)


def _fields_of(provider: str, known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a provider takes, known before anybody is asked to type it. Raises what the server would."""
    found = next((one for one in known if one["name"] == provider), None)
    if found is None:
        raise ProviderMissing
    if not found["fields"]:
        raise FlowUnavailable(f"{found['display_name']} takes no key", hint=f"`authsome login {provider}`")
    fields: list[dict[str, Any]] = found["fields"]
    return fields


def _list_ended(*, as_json: bool) -> None:
    found = ask_as_person(read_settings(), lambda client: client.get("/connections/ended"))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            f"{one['provider']}/{one['name']}",
            one["state"].replace("_", " "),
            moment(one["ended_at"]),
            one["at_provider"],
        )
        for one in found
    ]
    print_rows(("connection", "state", "ended", "at the provider"), rows, empty="None has ended yet.")


def _sharing(one: dict[str, Any]) -> str:
    return ("with everybody" if one["is_own"] else "by another") if one["is_shared"] else ""


def _end(reference: str, how: str, *, as_json: bool) -> None:
    settings = read_settings()
    known = ask_as_person(settings, lambda client: client.get("/connections"))
    meant = find_connection(known, reference)
    ask_as_person(settings, lambda client: client.post(f"/connections/{meant['id']}/{how}"))
    if as_json:
        print_json({"ended": meant})
        return
    click.echo(f"Ended: {meant['provider']}/{meant['name']}. Its secret is forgotten here.")
