"""`authsome login`: connect a provider, on a page, and wait for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from authsome.auth_session.model import FAILED_WORDS, OPEN, FailureReason
from authsome.cli.browser import no_browser_option, open_page
from authsome.cli.connecting.address import NewProvider, address_options, name_of
from authsome.cli.connecting.asked import Asked, asked_options
from authsome.cli.output import json_option, print_json, printable, say
from authsome.cli.waiting import WaitedTooLong, wait_for
from authsome.client.errors import ClientError
from authsome.client.http import Client
from authsome.client.settings import read_settings
from authsome.kit.clock import SystemClock
from authsome.kit.errors import ConflictError, InvalidError


class LoginFailed(InvalidError):
    """The provider was not connected."""

    code = "login_failed"
    hint = "run `authsome login` again"


class LoginCancelled(ConflictError):
    """The auth session was called off."""

    code = "login_cancelled"
    hint = "run `authsome login` again"


@click.command("login")
@click.argument("provider")
@click.option("--connection", default="default", show_default=True, help="The new connection's name.")
@asked_options
@address_options
@no_browser_option
@json_option
def command(
    provider: str,
    *,
    connection: str,
    asked: Asked,
    new: NewProvider,
    no_browser: bool,
    as_json: bool,
) -> None:
    """Connect a provider, on a page in the browser.

    PROVIDER is a name, as `authsome providers` lists them, or the address of an MCP server: an admin's
    terminal adds one that is not known yet, as long as the server says who guards it.

    One that was connected by its own page is connected again in its place, with all that was granted. Asks
    as this agent, for its principal; only they can finish it. Where nobody has claimed the agent, the person
    who is signed in asks. To type a key here instead, use
    `authsome connections add`.

    The link is printed, and opened where there is a desktop; over SSH, open it on the machine you sit at. It
    is waited for with or without a terminal; a script that has nobody to open it gives --timeout, after which
    the link works no more, or --no-wait. Ends with 0 once connected, 2 where it cannot be, 6 where it was
    called off, and 7 where nobody came in time.

    \b
    Examples:
      authsome login openai
      authsome login github --connection work --no-browser
      authsome login google --flow authorization_code --scopes 'openid email'
      authsome login github --flow device_code
      authsome login acme --flow client_credentials
      authsome login https://mcp.example.com/mcp --as example
    """
    settings = read_settings()
    provider = name_of(settings, provider, new)
    client, started = asked.start(settings, provider, connection)
    if as_json and not asked.waits:
        print_json(started)
        return
    if started["state"] in OPEN:
        link = _show(provider, started)
        if not asked.waits:
            return
        open_page(link, wanted=not no_browser)
    ended = _end(client, started, asked.seconds)
    if ended["state"] != "completed":
        raise _refusal(ended)
    if as_json:
        print_json(ended["connection"])
        return
    made = ended["connection"]
    click.echo(f"Connected: {made['provider']}/{made['name']}.")
    click.echo(f"An agent may use it once it is granted: `authsome grants add HANDLE {made['provider']}`.")


def _show(provider: str, started: dict[str, Any]) -> str:
    """Say where to go and what to type there; returns what can be opened."""
    if not started["user_code"]:
        say(f"Connect {provider} here:\n\n    {started['url']}\n")
        return str(started["url"])
    where, code = printable(started["verification_uri"]), printable(started["user_code"])
    say(f"On any device, open\n\n    {where}\n\nand type the code\n\n    {code}\n")
    return str(started["verification_uri_complete"] or started["verification_uri"])


def _end(client: Client, started: dict[str, Any], seconds: int | None) -> dict[str, Any]:
    """How it ended, waited for unless it has. Who stops waiting calls it off."""
    path = f"/auth-sessions/{started['id']}"
    if started["state"] not in OPEN:
        ended: dict[str, Any] = client.get(path)
        return ended

    def look() -> dict[str, Any] | None:
        found: dict[str, Any] = client.get(path)
        return found if found["state"] not in OPEN else None

    left = (datetime.fromisoformat(started["expires_at"]) - SystemClock().now()).total_seconds()
    try:
        return wait_for(look, what="for the person", seconds=seconds or left + 2)
    except (KeyboardInterrupt, WaitedTooLong):
        _call_off(client, path)
        raise


def _call_off(client: Client, path: str) -> None:
    try:
        client.post(f"{path}/cancel")
    except ClientError as error:  # it ended in the same moment
        say(error.detail)


def _refusal(ended: dict[str, Any]) -> Exception:
    if ended["state"] == "expired":
        return WaitedTooLong("nobody finished it in time", hint=LoginFailed.hint)
    if ended["state"] == "cancelled":
        return LoginCancelled()
    what, next_step = FAILED_WORDS[FailureReason(ended["reason"])]
    return LoginFailed(f"the provider was not connected: {what[0].lower()}{what[1:]}", hint=next_step)
