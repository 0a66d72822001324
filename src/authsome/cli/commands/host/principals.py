"""`authsome principals`: who is here, who may come, and who needs a new password. Admins only."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import click

from authsome.cli.browser import no_browser_option, send_to_page
from authsome.cli.clients import all_pages, ask_as_person
from authsome.cli.commands.host.erasures import list_erasures, open_page_of
from authsome.cli.lazy import ListGroup
from authsome.cli.output import json_option, moment, print_json, print_rows
from authsome.client.settings import ClientSettings, read_settings
from authsome.principal.errors import PrincipalMissing
from authsome.principal.model import Role


@click.group("principals", cls=ListGroup)
def command() -> None:
    """List the people of this installation, invite one, or change or help one. Admins only.

    \b
    Examples:
      authsome principals
      authsome principals invite
      authsome principals reset-link ada@example.org
      authsome principals role ada@example.org admin
      authsome principals disable ada@example.org
      authsome principals erase ada@example.org
      authsome principals erasures
    """


command.add_command(list_erasures)


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
    meant = _look_up(settings, principal)
    text = f"Make a link for {meant['email']} here"
    _open_page(settings, text, no_browser=no_browser, change=_change(meant, "reset"))


@command.command("role")
@click.argument("principal")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@no_browser_option
@json_option
def change_role(principal: str, role: str, *, no_browser: bool, as_json: bool) -> None:
    """Open the page where you make PRINCIPAL (e-mail or id) an admin or a member.

    \b
    Examples:
      authsome principals role ada@example.org admin
      authsome principals role ada@example.org member
    """
    settings = read_settings()
    meant = _look_up(settings, principal)
    url = _page(settings) + _change(meant, role)
    text = f"Make {meant['email']} {'an admin' if role == Role.ADMIN else 'a member'} here"
    send_to_page(url, text, wanted=not no_browser, as_json=as_json)


@command.command("disable")
@click.argument("principal")
@no_browser_option
@json_option
def disable(principal: str, no_browser: bool, as_json: bool) -> None:
    """Open the page where you stop PRINCIPAL (e-mail or id) from signing in.

    Their sessions end at once. Their agents go on until they are released or revoked.

    \b
    Example:
      authsome principals disable ada@example.org
    """
    settings = read_settings()
    meant = _look_up(settings, principal)
    url = _page(settings) + _change(meant, "disable")
    send_to_page(url, f"Disable {meant['email']} here", wanted=not no_browser, as_json=as_json)


@command.command("erase")
@click.argument("principal", required=False)
@no_browser_option
@json_option
def erase(principal: str | None, no_browser: bool, as_json: bool) -> None:
    """Open the page where PRINCIPAL (e-mail or id) is forgotten; without one, you.

    Their agents, connections, secrets and sessions end, what the record says of them goes, and PostHog is
    asked to delete them. It cannot be taken back. The only admin stays.

    
    Examples:
      authsome principals erase ada@example.org
      authsome principals erase
    """
    meant = _look_up(read_settings(), principal) if principal else None
    who = meant["email"] if meant else "yourself"
    open_page_of(meant["id"] if meant else None, who, wanted=not no_browser, as_json=as_json)


def _page(settings: ClientSettings) -> str:
    return f"{settings.address().base_url}/principals"


def _change(principal: dict[str, Any], change: str) -> str:
    """What is chosen already on the page."""
    return f"?{urlencode({'principal': principal['id'], 'change': change})}#change"


def _look_up(settings: ClientSettings, reference: str) -> dict[str, Any]:
    known = ask_as_person(settings, lambda client: all_pages(client, "/principals"))
    return _find(known, reference)


def _open_page(settings: ClientSettings, text: str, *, no_browser: bool, change: str = "") -> None:
    send_to_page(_page(settings) + change, text, wanted=not no_browser, as_json=False)


def _find(known: list[dict[str, Any]], reference: str) -> dict[str, Any]:
    wanted = reference.strip().casefold()
    found = [one for one in known if wanted in (one["id"], one["email"])]
    if not found:
        raise PrincipalMissing
    return found[0]
