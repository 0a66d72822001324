"""The pages of what is connected: the list, and one connection with all that can be done with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from authsome.server.web.pages.frame import Area, Badge, Form, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRow:
    """One connection in the list. `notes` are a word or two each, such as that it is the default."""

    id: str
    provider: str
    name: str
    state: Badge
    hosts: tuple[str, ...]
    agents: int
    created_at: datetime
    first_used_at: datetime | None = None
    problem: str = ""
    holder: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedRow:
    """One that ended, and in words what became of it at its provider."""

    provider: str
    name: str
    state: Badge
    ended_at: datetime
    at_provider: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionsPage(Page):
    """What is connected, one's own first and then what others share; and what ended lately."""

    template: ClassVar[str] = "connections.html"
    area: ClassVar[Area | None] = Area.CONNECTIONS
    connections: tuple[ConnectionRow, ...] = ()
    ended: tuple[EndedRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """The forms for what this visitor may do with it. `share` and `revoke` send `password`."""

    check: Form | None = None
    reconnect: Form | None = None
    default: Form | None = None
    share: Form | None = None
    unshare: Form | None = None
    log_out: Form | None = None
    revoke: Form | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionPage(Page):
    """One connection. `problem` says why it cannot be used, and `again` is the command that mends it.
    Of a key, connecting it again is to give it another.

    `missing` are scopes that were asked for and not given, `expires_at` is when its access ends for good,
    `export` leads to the page that shows its secret, for whoever may. `holder` is what the provider calls
    it, `same_holder` are other connections of one's own to that account.
    """

    template: ClassVar[str] = "connection.html"
    area: ClassVar[Area | None] = Area.CONNECTIONS
    provider: str
    name: str
    state: Badge
    problem: str = ""
    again: str = ""
    is_key: bool = False
    provider_page: str | None = None
    hosts: tuple[str, ...]
    agents: int
    is_own: bool
    is_default: bool
    scopes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    holder: str | None = None
    same_holder: tuple[str, ...] = ()
    checked: str = ""
    checked_at: datetime | None = None
    expires_at: datetime | None = None
    export: str | None = None
    shared_at: datetime | None = None
    created_at: datetime
    first_used_at: datetime | None = None
    acts: Acts


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPage(Page):
    """Asks before a secret is taken out, and shows it once. Sends `password` and `decision`: show, download.

    `secrets` are SECRET: name and value, there on the one answer that shows them, and `form` no more.
    """

    template: ClassVar[str] = "export.html"
    area: ClassVar[Area | None] = Area.CONNECTIONS
    provider: str
    name: str
    back: str
    works_once: bool = False
    form: Form | None = None
    secrets: tuple[tuple[str, str], ...] = field(default=(), repr=False)
