"""`authsome identities`: the agents that were claimed, and the page where one's claim ends."""

from __future__ import annotations

from typing import Any

import click

from authsome.cli.browser import no_browser_option, send_to_page
from authsome.cli.clients import ask_as_either
from authsome.cli.lazy import ListGroup
from authsome.cli.output import json_option, moment, print_json, print_rows
from authsome.cli.references import find_identity
from authsome.client.settings import read_settings


@click.group("identities", cls=ListGroup)
def command() -> None:
    """List your agents, or open the page to release, revoke or erase one.

    \b
    Examples:
      authsome identities
      authsome identities release brisk-amber-otter-4821
      authsome identities revoke brisk-amber-otter-4821
      authsome identities erase brisk-amber-otter-4821
    """


@command.command("list")
@json_option
def list_all(as_json: bool) -> None:
    """List agents. An agent sees itself; a signed-in person sees all of theirs."""
    found: list[dict[str, Any]] = ask_as_either(read_settings(), lambda client: client.get("/identities"))
    if as_json:
        print_json(found)
        return
    print_rows(
        ("handle", "label", "state", "claimed"),
        [(one["handle"], one["label"], one["state"], moment(one["claimed_at"])) for one in found],
        empty="No agent is claimed yet: `authsome onboard` in the agent's terminal.",
    )


@command.command("release")
@click.argument("handle")
@no_browser_option
@json_option
def release(handle: str, no_browser: bool, as_json: bool) -> None:
    """Open the page where you let an agent go.

    Its grants end, its runs stop, and anybody may claim it then: `authsome onboard` in its terminal asks.

    \b
    Example:
      authsome identities release brisk-amber-otter-4821
    """
    _send(handle, "Release", wanted=not no_browser, as_json=as_json)


@command.command("revoke")
@click.argument("handle")
@no_browser_option
@json_option
def revoke(handle: str, no_browser: bool, as_json: bool) -> None:
    """Open the page where you end an agent for good.

    Its next request is refused, and its key is never taken again.

    \b
    Example:
      authsome identities revoke brisk-amber-otter-4821
    """
    _send(handle, "Revoke", wanted=not no_browser, as_json=as_json)


@command.command("erase")
@click.argument("handle")
@no_browser_option
@json_option
def erase(handle: str, no_browser: bool, as_json: bool) -> None:
    """Open the page where you have an agent of yours forgotten.

    It is revoked, and label, key and what it ran are taken out of the record. It cannot be taken back.

    
    Example:
      authsome identities erase brisk-amber-otter-4821
    """
    _send(handle, "Erase", wanted=not no_browser, as_json=as_json, page="/erase")


def _send(handle: str, verb: str, *, wanted: bool, as_json: bool, page: str = "") -> None:
    """The agent is looked up first, so that a misspelt one is said here and not found on a page."""
    settings = read_settings()
    known = ask_as_either(settings, lambda client: client.get("/identities"))
    agent = find_identity(known, handle)
    where = page or f"#{verb.lower()}"
    url = f"{settings.address().base_url}/agents/{agent['handle']}{where}"
    send_to_page(url, f"{verb} {agent['handle']} here", wanted=wanted, as_json=as_json)
