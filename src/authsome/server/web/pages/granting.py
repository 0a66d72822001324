"""The pages on which a person says how long a grant lasts, and decides what agents ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from authsome.server.web.pages.confirm import ConnectionChoice
from authsome.server.web.pages.frame import Area, Form, Page
from authsome.server.web.pages.measures import Option


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantPage(Page):
    """One grant, and how long it lasts.

    Sends `decision` (`save` or `remove`), `lasting`, one of `lengths`, and `password`.
    """

    template: ClassVar[str] = "grant.html"
    area: ClassVar[Area | None] = Area.AGENTS
    handle: str
    provider: str
    connection: str
    hosts: tuple[str, ...]
    since: datetime
    until: datetime | None
    has_run_out: bool
    lengths: tuple[Option, ...]
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRow:
    """One open access request in the list. `href` leads to its page; `note` is the agent's own words."""

    handle: str
    provider: str
    wanted: str | None
    lasting: str
    note: str | None
    asked_at: datetime
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPage(Page):
    """What agents ask for and nobody has decided yet."""

    template: ClassVar[str] = "access.html"
    area: ClassVar[Area | None] = Area.AGENTS
    requests: tuple[AccessRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequestPage(Page):
    """One access request. Sends `decision` (`approve` or `deny`), and to approve `connection`, `lasting` and
    `password`.

    `wanted` is the connection's name if the agent gave one; `is_there` says whether there is one of it.
    """

    template: ClassVar[str] = "access_request.html"
    area: ClassVar[Area | None] = Area.AGENTS
    handle: str
    did: str
    label: str | None
    provider: str
    provider_name: str
    hosts: tuple[str, ...]
    wanted: str | None
    is_there: bool
    lasting: str
    note: str | None
    asked_at: datetime
    expires_at: datetime
    choices: tuple[ConnectionChoice, ...]
    lengths: tuple[Option, ...]
    form: Form
