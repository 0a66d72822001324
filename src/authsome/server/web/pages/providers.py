"""The pages about providers: what can be connected, one of them, and what an admin makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from authsome.server.web.pages.frame import Area, Badge, Form, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow:
    """One provider. `flow` says how it is connected, `origin` whether it came with Authsome."""

    key: str
    name: str
    description: str
    categories: tuple[str, ...]
    flow: str
    origin: str
    hosts: tuple[str, ...]
    docs_url: str
    connections: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvidersPage(Page):
    """What can be connected: `providers` of the ones that `there_are`, found by what was `searched`.

    `categories` are those there are, each with its heading, and `category` the chosen one, or nothing.
    """

    template: ClassVar[str] = "providers.html"
    area: ClassVar[Area | None] = Area.CONNECTIONS
    providers: tuple[ProviderRow, ...] = ()
    there_are: int = 0
    searched: str = ""
    category: str = ""
    may_add: bool = False
    categories: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedRow:
    """One thing that a test looked at, and what to do where it did not pass."""

    state: Badge
    what: str
    about: str
    detail: str
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedPart:
    """What a test found; `connection` is the one that it was tried with."""

    passed: bool
    connection: str | None
    steps: tuple[TestedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPage(Page):
    """One provider with its definition, as it stands in a file.

    `connect` sends `name`, and `flow` where there are several; `test` sends nothing further.
    `redirect_uri` is what a client that an admin registers at the provider has to name, if it has one.

    For an admin: `change` sends `definition` and `private_addresses`, one on a line; for a bundled
    provider that is its override. `remove` sends nothing further. Both lead to the page that confirms.
    """

    template: ClassVar[str] = "provider.html"
    area: ClassVar[Area | None] = Area.CONNECTIONS
    key: str
    name: str
    description: str
    origin: str
    flow: str
    hosts: tuple[str, ...]
    docs_url: str
    definition: str
    connect: Form
    flows: tuple[tuple[str, str], ...] = ()
    test: Form
    tested: TestedPart | None = None
    private_addresses: tuple[str, ...] = ()
    redirect_uri: str = ""
    change: Form | None = None
    remove: Form | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddProviderPage(Page):
    """Asks for a definition. Sends `definition`, `private_addresses` and `decision` (`check` or `add`)."""

    template: ClassVar[str] = "add_provider.html"
    area: ClassVar[Area | None] = Area.CONNECTIONS
    form: Form
    is_well: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentPage(Page):
    """What would become of a provider, for the admin who asked. Sends `seen` and `password`.

    Without a form it is done.
    """

    template: ClassVar[str] = "amendment.html"
    area: ClassVar[Area | None] = Area.CONNECTIONS
    title: str
    key: str
    name: str
    consequences: tuple[str, ...]
    definition: str = ""
    private_addresses: tuple[str, ...] = ()
    form: Form | None = None
    act: str = ""
