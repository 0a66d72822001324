"""Who a command acts as: nobody, this agent, or the person signed in at this terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from authsome.cli.output import say
from authsome.client.errors import ClientError, KeyMissing
from authsome.client.http import Client
from authsome.client.keys import find_key, load_key
from authsome.client.settings import ClientSettings
from authsome.kit.errors import Kind, UnauthenticatedError

PAGE = 100
_EITHER = "sign in yourself: `authsome sign-in`; or make an agent: `authsome onboard`"


class SignedOut(UnauthenticatedError):
    """This command needs a person, and nobody is signed in at this terminal."""

    code = "signed_out"
    hint = "sign in: `authsome sign-in`"


def anonymous(settings: ClientSettings) -> Client:
    """Signs nothing."""
    return Client(settings.address())


def as_agent(settings: ClientSettings) -> Client:
    """Signs with the agent's key. Raises `KeyMissing`, whose hint is to onboard."""
    return Client(settings.address(), load_key(settings.identity_folder))


def as_person(settings: ClientSettings) -> Client:
    """Signs with the terminal's key. Raises `SignedOut`."""
    key = find_key(settings.terminal_folder)
    if key is None:
        raise SignedOut
    return Client(settings.address(), key)


def ask_as_either(settings: ClientSettings, ask: Callable[[Client], Any]) -> Any:
    """Ask as the person if one is signed in, else as the agent.

    A terminal's session ends by itself; the agent's own view is then better than a refusal, if it is said.
    """
    terminal, agent = find_key(settings.terminal_folder), find_key(settings.identity_folder)
    if terminal is None and agent is None:
        raise KeyMissing("nobody is signed in at this terminal, and there is no agent here", hint=_EITHER)
    if terminal is None:
        return ask(as_agent(settings))
    try:
        return ask(Client(settings.address(), terminal))
    except ClientError as error:
        if error.kind is not Kind.UNAUTHENTICATED:
            raise
        if agent is None:
            raise SignedOut("the terminal's session has ended") from error
        say("The terminal's session has ended; this is what the agent sees. `authsome sign-in` for more.")
        return ask(Client(settings.address(), agent))


def ask_as_person(settings: ClientSettings, ask: Callable[[Client], Any]) -> Any:
    """Ask as the person. Raises `SignedOut` also when the session has ended on the server."""
    try:
        return ask(as_person(settings))
    except ClientError as error:
        if error.code in ("identity_unknown", "session_missing"):
            raise SignedOut("the terminal's session has ended") from error
        raise


def all_pages(client: Client, path: str) -> list[dict[str, Any]]:
    """Everything that a list holds, asked for a hundred at a time."""
    found: list[dict[str, Any]] = client.get(path)
    page = found
    while len(page) == PAGE:
        page = client.get(path, {"after": page[-1]["id"]})
        found = found + page
    return found
