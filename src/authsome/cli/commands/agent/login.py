"""`authsome login`: connect a provider, on a page, and wait for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from authsome.auth_session.model import FAILED_WORDS, FailureReason
from authsome.cli.browser import no_browser_option, open_page
from authsome.cli.clients import as_agent, as_person
from authsome.cli.output import json_option, print_json, say
from authsome.cli.waiting import WaitedTooLong, wait_for
from authsome.client.errors import ClientError
from authsome.client.http import Client
from authsome.client.keys import find_key
from authsome.client.settings import ClientSettings, read_settings
from authsome.connection.model import Flow
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
@click.option(
    "--flow",
    type=click.Choice([flow.value for flow in Flow]),
    help="How to connect: by a key, or by the provider's own page. The usual one, if not given.",
)
@click.option("--no-wait", is_flag=True, help="Print the link and do not wait.")
@no_browser_option
@json_option
def command(
    provider: str, *, connection: str, flow: str | None, no_wait: bool, no_browser: bool, as_json: bool
) -> None:
    """Connect a provider, on a page in the browser.

    One that was connected by its own page is connected again in its place, with all that was granted. Asks
    as this agent, for its principal; only they can finish it. To type a key here instead, use
    `authsome connections add`.

    \b
    Examples:
      authsome login openai
      authsome login github --connection work --no-browser
      authsome login google --flow authorization_code
    """
    client = _asking(read_settings())
    asked = {"provider": provider, "connection_name": connection, "flow": flow}
    started = client.post("/auth-sessions", asked)
    if no_wait and as_json:
        print_json(started)
        return
    say(f"Connect {provider} here:\n\n    {started['url']}\n")
    if no_wait:
        return
    open_page(started["url"], wanted=not no_browser)
    ended = _wait(client, started)
    if ended["state"] != "completed":
        raise _refusal(ended)
    if as_json:
        print_json(ended["connection"])
        return
    made = ended["connection"]
    click.echo(f"Connected: {made['provider']}/{made['name']}.")
    click.echo(f"An agent may use it once it is granted: `authsome grants add HANDLE {made['provider']}`.")


def _asking(settings: ClientSettings) -> Client:
    """The agent; the signed-in person where there is no agent."""
    if find_key(settings.identity_folder) is None and find_key(settings.terminal_folder) is not None:
        return as_person(settings)
    return as_agent(settings)


def _wait(client: Client, started: dict[str, Any]) -> dict[str, Any]:
    path = f"/auth-sessions/{started['id']}"

    def look() -> dict[str, Any] | None:
        found: dict[str, Any] = client.get(path)
        return found if found["state"] != "open" else None

    left = (datetime.fromisoformat(started["expires_at"]) - SystemClock().now()).total_seconds()
    try:
        return wait_for(look, what="for the page to be completed", seconds=left + 2)
    except KeyboardInterrupt:
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
