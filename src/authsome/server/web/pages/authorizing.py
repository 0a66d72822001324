"""The pages of connecting a provider by its own page: before, on the way, and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from authsome.server.web.pages.frame import Area, Form, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectPage(Page):
    """Says what is about to be connected, before anybody is asked. Sends `decision` (`connect` or `cancel`).

    `is_again` where it takes the place of a connection that is there.
    """

    area: ClassVar[Area | None] = Area.CONNECTIONS
    form: Form
    provider: str
    connection: str
    scopes: tuple[str, ...]
    hosts: tuple[str, ...]
    expires_at: datetime
    is_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizePage(ConnectPage):
    """Says where the person is about to be sent, and what for."""

    template: ClassVar[str] = "authorize.html"
    asks_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnClientPage(ConnectPage):
    """Says what the installation's own client is about to be asked for."""

    template: ClassVar[str] = "own_client.html"
    asks_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePage(ConnectPage):
    """Offers a code, or shows where to type it; `link` may bring it along."""

    template: ClassVar[str] = "device.html"
    user_code: str = ""
    verification_uri: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeparturePage(Page):
    """The browser goes on by itself; the link is for one that does not."""

    template: ClassVar[str] = "departure.html"
    area: ClassVar[Area | None] = Area.CONNECTIONS
    provider: str
    asks_at: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalPage(Page):
    """What came of it: connected, or what happened and what to do next. `begin` leads to another try."""

    template: ClassVar[str] = "arrival.html"
    area: ClassVar[Area | None] = Area.CONNECTIONS
    provider: str
    connection: str
    hosts: tuple[str, ...] = ()
    is_again: bool = False
    problem: str = ""
    next_step: str = ""
    command: str = ""
    begin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ByAddressPage(Page):
    """Asks for an MCP server's address. Sends `address`, and `name` and `private` where they are given."""

    template: ClassVar[str] = "by_address.html"
    area: ClassVar[Area | None] = Area.CONNECTIONS
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMissingPage(Page):
    """An address was added, and its authorization server gives no client to who asks: an admin sets one.

    `problem` is what it said to that, if it was asked.
    """

    template: ClassVar[str] = "client_missing.html"
    area: ClassVar[Area | None] = Area.CONNECTIONS
    provider: str
    asks_at: str
    redirect_uri: str
    command: str
    problem: str = ""
