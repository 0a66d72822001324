"""The pages that show what there is: overview, agents, connections, principals."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar

from authsome.server.web.pages.confirm import ConnectionChoice
from authsome.server.web.pages.frame import Area, Badge, Form, Page
from authsome.server.web.pages.measures import Option


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """How far a newcomer has come. The first that is false is the next to do."""

    onboarded: bool
    connected: bool
    granted: bool
    ran: bool

    @property
    def next(self) -> str | None:
        """The first that is not done; None when there is nothing left to explain."""
        return next((step.name for step in fields(self) if not getattr(self, step.name)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number with its name. `value` is written out already; `href` leads to what it counts."""

    name: str
    value: str
    note: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line of what happened lately."""

    at: datetime
    text: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage(Page):
    """The first page after signing in."""

    template: ClassVar[str] = "overview.html"
    area: ClassVar[Area | None] = Area.OVERVIEW
    steps: Steps
    figures: tuple[Figure, ...] = ()
    recent: tuple[Happening, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """One agent in the list."""

    handle: str
    label: str | None
    state: Badge
    owner: str | None
    grants: int
    registered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentsPage(Page):
    """The agents of a principal; an admin sees all, with their owners. `more` leads to those after these.

    `asking` is how many access requests the visitor has not decided.
    """

    template: ClassVar[str] = "agents.html"
    area: ClassVar[Area | None] = Area.AGENTS
    agents: tuple[AgentRow, ...] = ()
    show_owner: bool = False
    asking: int = 0
    more: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A connection that an agent may use, or might until a time that is over. `change` leads to that time."""

    provider: str
    connection: str
    hosts: tuple[str, ...]
    since: datetime
    until: datetime | None = None
    has_run_out: bool = False
    change: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPage(Page):
    """One agent. The form sends `connection` for each ticked box, `lasting` for those that are new, and
    `password`.

    Without a form the grants are shown and cannot be changed. `release` and `revoke` send `password`.
    `erase` leads to the page that asks, for whoever may.
    """

    template: ClassVar[str] = "agent.html"
    area: ClassVar[Area | None] = Area.AGENTS
    handle: str
    did: str
    label: str | None
    state: Badge
    owner: str | None
    registered_at: datetime
    claimed_at: datetime | None
    grants: tuple[Grant, ...] = ()
    choices: tuple[ConnectionChoice, ...] = ()
    lengths: tuple[Option, ...] = ()
    form: Form | None = None
    release: Form | None = None
    revoke: Form | None = None
    erase: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipalRow:
    """One person."""

    id: str
    email: str
    name: str | None
    role: str
    state: Badge
    agents: int
    registered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeLink:
    """A link just made. It is shown on this answer and never again."""

    purpose: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipalsPage(Page):
    """The people. `more` leads to those after these.

    `invite` sends `role` and `password`; `change` sends `principal` (an id), `change` and `password`.
    """

    template: ClassVar[str] = "principals.html"
    area: ClassVar[Area | None] = Area.PRINCIPALS
    principals: tuple[PrincipalRow, ...]
    invite: Form
    change: Form
    link: OneTimeLink | None = None
    more: str | None = None
