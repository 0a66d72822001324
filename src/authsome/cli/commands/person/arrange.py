"""`authsome connections default | check | share | unshare | export`: what is done with one."""

from __future__ import annotations

from typing import Any

import click

from authsome.cli.browser import no_browser_option, send_to_page
from authsome.cli.clients import ask_as_person
from authsome.cli.exit_codes import EXIT_CODES, OK
from authsome.cli.output import json_option, print_json, printable
from authsome.cli.references import find_connection
from authsome.client.settings import ClientSettings, read_settings
from authsome.connection.checking.model import CHECK_WORDS, CheckOutcome
from authsome.kit.errors import Kind

CHECKED = {
    CheckOutcome.TAKEN: OK,
    CheckOutcome.NOT_TAKEN: EXIT_CODES[Kind.CONFLICT],
    CheckOutcome.UNCLEAR: EXIT_CODES[Kind.CONFLICT],
    CheckOutcome.UNANSWERED: EXIT_CODES[Kind.UNAVAILABLE],
    CheckOutcome.NOT_ASKABLE: EXIT_CODES[Kind.MISSING],
}


def _meant(settings: ClientSettings, connection: str) -> dict[str, Any]:
    """The connection that is written like this."""
    return find_connection(ask_as_person(settings, lambda client: client.get("/connections")), connection)


@click.command("default")
@click.argument("connection")
@json_option
def default(connection: str, as_json: bool) -> None:
    """Mean CONNECTION where only its provider is named.

    \b
    Example:
      authsome connections default github/work
    """
    settings = read_settings()
    meant = _meant(settings, connection)
    chosen = ask_as_person(settings, lambda client: client.post(f"/connections/{meant['id']}/default"))
    if as_json:
        print_json(chosen)
        return
    click.echo(f"{chosen['provider']} alone means {chosen['provider']}/{chosen['name']} from now on.")


@click.command("check")
@click.argument("connection")
@json_option
@click.pass_context
def check(ctx: click.Context, connection: str, as_json: bool) -> None:
    """Ask the provider whether it takes a CONNECTION of yours, and whose account it is.

    Ends with 0 only where it does: with 6 where it does not or says neither, with 8 where it does not
    answer, and with 5 where there is nobody to ask.

    \b
    Example:
      authsome connections check github/work
    """
    settings = read_settings()
    meant = _meant(settings, connection)
    checked = ask_as_person(settings, lambda client: client.post(f"/connections/{meant['id']}/check"))
    outcome = CheckOutcome(checked["checked"])
    if as_json:
        print_json(checked)
        ctx.exit(CHECKED[outcome])
    whose = f" Account: {printable(checked['holder'])}." if checked["holder"] else ""
    click.echo(f"{checked['provider']}/{checked['name']}: {CHECK_WORDS[outcome]}.{whose}")
    ctx.exit(CHECKED[outcome])


@click.command("share")
@click.argument("connection")
@no_browser_option
@json_option
def share(connection: str, *, no_browser: bool, as_json: bool) -> None:
    """Open the page where an admin lets everybody use a CONNECTION of theirs.

    Each person then grants it to their own agents, which act as the connection's account.

    \b
    Example:
      authsome connections share github/team
    """
    settings = read_settings()
    meant = _meant(settings, connection)
    url = f"{settings.address().base_url}/connections/{meant['id']}"
    text = f"Share {meant['provider']}/{meant['name']} here"
    send_to_page(url, text, wanted=not no_browser, as_json=as_json)


@click.command("export")
@click.argument("connection")
@no_browser_option
@json_option
def export(connection: str, *, no_browser: bool, as_json: bool) -> None:
    """Open the page where you are shown the secret of a CONNECTION of yours, once.

    It is never printed here: a terminal keeps what it shows, and so does whoever reads its output.

    \b
    Example:
      authsome connections export openai/work
    """
    settings = read_settings()
    meant = _meant(settings, connection)
    url = f"{settings.address().base_url}/connections/{meant['id']}/export"
    text = f"Take out the secret of {meant['provider']}/{meant['name']} here"
    send_to_page(url, text, wanted=not no_browser, as_json=as_json)


@click.command("unshare")
@click.argument("connection")
@json_option
def unshare(connection: str, as_json: bool) -> None:
    """Take a shared CONNECTION back; others' agents lose it from their next request on.

    \b
    Example:
      authsome connections unshare github/team
    """
    settings = read_settings()
    meant = _meant(settings, connection)
    taken = ask_as_person(settings, lambda client: client.post(f"/connections/{meant['id']}/unshare"))
    if as_json:
        print_json(taken)
        return
    click.echo(f"{taken['provider']}/{taken['name']} is its owner's alone again.")
