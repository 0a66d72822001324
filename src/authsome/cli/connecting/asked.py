"""How a connection is wanted, and how long somebody waits for it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from authsome.cli.clients import as_agent, as_person
from authsome.cli.output import say
from authsome.client.errors import ClientError
from authsome.client.http import Client
from authsome.client.keys import find_key
from authsome.client.settings import ClientSettings
from authsome.connection.model import Flow
from authsome.identity.errors import IdentityEnded, IdentityUnclaimed

# What a person who is signed in at the terminal asks for goes on at once; an agent asks for its page.
_AT_ONCE = frozenset((Flow.CLIENT_CREDENTIALS, Flow.DEVICE_CODE))
_POWERLESS = frozenset((IdentityUnclaimed.code, IdentityEnded.code))
_SESSIONS = "/auth-sessions"


@dataclass(frozen=True, slots=True)
class Asked:
    """By which flow and with which scopes, where not the usual ones, and for how many seconds."""

    flow: Flow | None
    scopes: tuple[str, ...] | None
    seconds: int | None
    waits: bool

    def body(self, provider: str, connection: str) -> dict[str, Any]:
        """What the server is sent."""
        return {
            "provider": provider,
            "connection_name": connection,
            "flow": self.flow.value if self.flow else None,
            "scopes": None if self.scopes is None else list(self.scopes),
        }

    def start(
        self, settings: ClientSettings, provider: str, connection: str
    ) -> tuple[Client, dict[str, Any]]:
        """The auth session, and whose it is: the signed-in person's where nobody has claimed the agent."""
        client, body = self._client(settings), self.body(provider, connection)
        try:
            return client, client.post(_SESSIONS, body)
        except ClientError as error:
            if error.code not in _POWERLESS or find_key(settings.terminal_folder) is None:
                raise
        say("This agent is nobody's, so this is asked in your own name.")
        client = as_person(settings)
        return client, client.post(_SESSIONS, body)

    def _client(self, settings: ClientSettings) -> Client:
        """Who asks: the agent; the signed-in person where there is no agent, or where it goes on at once."""
        has_person = find_key(settings.terminal_folder) is not None
        is_direct = self.flow in _AT_ONCE or find_key(settings.identity_folder) is None
        return as_person(settings) if has_person and is_direct else as_agent(settings)


def asked_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of an auth session, as one argument `asked`."""

    @click.option(
        "--flow",
        type=click.Choice([flow.value for flow in Flow]),
        help="How to connect: by a key, by the provider's own page, by a code that is typed there"
        " on any device, or as the installation's own client."
        " The usual one, if not given.",
    )
    @click.option("--scopes", help="What to ask the provider for, with spaces between, if not the usual.")
    @click.option(
        "--timeout",
        type=click.IntRange(1, 900),
        metavar="SECONDS",
        help="How long to wait for a person; a quarter of an hour, if not given.",
    )
    @click.option("--no-wait", is_flag=True, help="Print the link and do not wait.")
    @functools.wraps(command)
    def bundled(
        *positional: Any,
        flow: str | None,
        scopes: str | None,
        timeout: int | None,
        no_wait: bool,
        **named: Any,
    ) -> Any:
        wanted = None if scopes is None else tuple(scopes.split())
        asked = Asked(Flow(flow) if flow else None, wanted, timeout, not no_wait)
        return command(*positional, asked=asked, **named)

    return bundled
