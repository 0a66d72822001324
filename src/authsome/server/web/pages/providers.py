"""The pages about providers: what can be connected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from authsome.server.web.pages.frame import Area, Page


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
    categories: tuple[tuple[str, str], ...] = ()
