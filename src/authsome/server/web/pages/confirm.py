"""The pages on which a person decides: claiming an agent, letting a terminal in, typing a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from authsome.server.web.pages.frame import Area, Form, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionChoice:
    """A connection that may be granted. Sent as `connection` with this id, once per ticked box.

    `is_lent` says that it is another's, who shares it.
    """

    id: str
    provider: str
    name: str
    hosts: tuple[str, ...] = ()
    chosen: bool = False
    is_lent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCodePage(Page):
    """Asks for the eight-letter code that the agent's terminal shows. Sends `code`."""

    template: ClassVar[str] = "claim_code.html"
    area: ClassVar[Area | None] = Area.AGENTS
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage(Page):
    """Shows the agent and asks for the decision.

    Sends `decision` (`claim` or `reject`), `password`, and `connection` for each one ticked. No box is
    ticked unless the route marks it `chosen`, which it does only to show a refused form again.
    `asked_from` completes "from …": addresses are kept as digests, so it can only say whether it is this one.
    """

    template: ClassVar[str] = "claim.html"
    area: ClassVar[Area | None] = Area.AGENTS
    form: Form
    handle: str
    did: str
    label: str | None
    asked_at: datetime
    asked_from: str
    expires_at: datetime
    connections: tuple[ConnectionChoice, ...] = ()


class Decision(StrEnum):
    """What became of a question."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimResultPage(Page):
    """What the decision did, and what to type next."""

    template: ClassVar[str] = "claim_result.html"
    area: ClassVar[Area | None] = Area.AGENTS
    decision: Decision
    handle: str
    granted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInConfirmPage(Page):
    """A terminal asks for a session. Sends `decision` (`accept` or `reject`) and `password`."""

    template: ClassVar[str] = "sign_in_confirm.html"
    form: Form
    code: str
    lasts: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInResultPage(Page):
    """The terminal was let in, or turned away."""

    template: ClassVar[str] = "sign_in_result.html"
    decision: Decision


@dataclass(frozen=True, slots=True)
class KeyInput:
    """One text to type, and how the form calls it. What is not `secret` is shown while it is typed."""

    sent_as: str
    label: str
    secret: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntryPage(Page):
    """Asks for a provider's key, of one text or several. Sends each input, and `decision` (`connect` or
    `cancel`).

    `connection` is the name that the connection will have, chosen when the auth session was started.
    """

    template: ClassVar[str] = "key_entry.html"
    area: ClassVar[Area | None] = Area.CONNECTIONS
    form: Form
    provider: str
    connection: str
    inputs: tuple[KeyInput, ...]
    docs_url: str
    hosts: tuple[str, ...]
    expires_at: datetime
    is_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntryResultPage(Page):
    """The key is sealed, or the session was cancelled. `command` and `begin` lead to another try."""

    template: ClassVar[str] = "key_entry_result.html"
    area: ClassVar[Area | None] = Area.CONNECTIONS
    decision: Decision
    provider: str
    connection: str
    hosts: tuple[str, ...] = ()
    is_again: bool = False
    command: str = ""
    begin: str | None = None
