"""`authsome principals`: who is here, who may come, and who needs a new password. Admins only."""

from __future__ import annotations

from typing import Any

import click

from authsome.cli.browser import no_browser_option, open_page
from authsome.cli.clients import all_pages, ask_as_person
from authsome.cli.lazy import ListGroup
from authsome.cli.output import json_option, moment, print_json, print_rows
from authsome.client.settings import ClientSettings, read_settings
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
@click.option("--admin", is_flag=True, help="Open the page where you make a link for another admin.")
@no_browser_option
@json_option
def invite(admin: bool, no_browser: bool, as_json: bool) -> None:
    """Make a link with which one person can join. Give it to them only.

    \b
    Examples:
      authsome principals invite
      authsome principals invite --admin
    """
    settings = read_settings()
    if admin:
        _open_page(settings, "Make a link for another admin here", no_browser=no_browser)
        return
    made = ask_as_person(settings, lambda client: client.post("/invitations", {"role": "member"}))
    if as_json:
        print_json(made)
        return
    click.echo(f"For one person, until {moment(made['expires_at'])}:\n\n    {made['url']}\n")


@command.command("reset-link")
@click.argument("principal")
@no_browser_option
def reset_link(principal: str, no_browser: bool) -> None:
    """Open the page where you make a link with which PRINCIPAL (e-mail or id) sets a new password.

    \b
    Example:
      authsome principals reset-link ada@example.org
    """
    settings = read_settings()
    known = ask_as_person(settings, lambda client: all_pages(client, "/principals"))
    meant = _find(known, principal)
    _open_page(settings, f"Make a link for {meant['email']} here", no_browser=no_browser)


def _open_page(settings: ClientSettings, text: str, *, no_browser: bool) -> None:
    url = f"{settings.address().base_url}/principals"
    click.echo(f"{text}, with your password:\n\n    {url}\n")
    open_page(url, wanted=not no_browser)


def _find(known: list[dict[str, Any]], reference: str) -> dict[str, Any]:
    wanted = reference.strip().casefold()
    found = [one for one in known if wanted in (one["id"], one["email"])]
    if not found:
        raise PrincipalMissing
    return found[0]
