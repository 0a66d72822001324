"""`authsome principals`: who is here, who may come, and who needs a new password. Admins only."""

from __future__ import annotations

from typing import Any

import click

from authsome.cli.clients import all_pages, ask_as_person
from authsome.cli.lazy import ListGroup
from authsome.cli.output import json_option, moment, print_json, print_rows
from authsome.client.settings import read_settings
from authsome.principal.errors import PrincipalMissing


@click.group("principals", cls=ListGroup)
def command() -> None:
    """List the people of this installation, invite one, or help one back in. Admins only.

    \b
    Examples:
      authsome principals
      authsome principals invite
      authsome principals reset-link ada@example.org
    """


@command.command("list")
@json_option
def list_all(as_json: bool) -> None:
    """List all principals."""
    found = ask_as_person(read_settings(), lambda client: all_pages(client, "/principals"))
    if as_json:
        print_json(found)
        return
    rows = [(one["email"], one["role"], one["state"], moment(one["created_at"]), one["id"]) for one in found]
    print_rows(("e-mail", "role", "state", "since", "id"), rows, empty="There is no principal yet.")


@command.command("invite")
@click.option("--admin", is_flag=True, help="Whoever uses the link becomes an admin.")
@json_option
def invite(admin: bool, as_json: bool) -> None:
    """Make a link with which one person can join. Give it to them only.

    \b
    Examples:
      authsome principals invite
      authsome principals invite --admin
    """
    body = {"role": "admin" if admin else "member"}
    made = ask_as_person(read_settings(), lambda client: client.post("/invitations", body))
    if as_json:
        print_json(made)
        return
    click.echo(f"For one person, until {moment(made['expires_at'])}:\n\n    {made['url']}\n")


@command.command("reset-link")
@click.argument("principal")
@json_option
def reset_link(principal: str, as_json: bool) -> None:
    """Make a link with which PRINCIPAL (e-mail or id) sets a new password, within the hour.

    \b
    Example:
      authsome principals reset-link ada@example.org
    """
    settings = read_settings()
    known = ask_as_person(settings, lambda client: all_pages(client, "/principals"))
    meant = _find(known, principal)
    made = ask_as_person(settings, lambda client: client.post(f"/principals/{meant['id']}/reset-link"))
    if as_json:
        print_json(made)
        return
    click.echo(f"For {meant['email']}, within the hour:\n\n    {made['url']}\n")


def _find(known: list[dict[str, Any]], reference: str) -> dict[str, Any]:
    wanted = reference.strip().casefold()
    found = [one for one in known if wanted in (one["id"], one["email"])]
    if not found:
        raise PrincipalMissing
    return found[0]
