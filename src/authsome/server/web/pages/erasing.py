"""The page that asks before somebody is erased, the receipt after it, and all receipts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from authsome.server.web.pages.frame import Area, Form, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePage(Page):
    """Everything that ends, and the form. Sends `password`.

    `others` are agents of somebody else that use its connections; `at_posthog` says what happens there, None
    where nothing was ever sent. `receipt` is there once it is done, and `form` no more.
    """

    template: ClassVar[str] = "erase.html"
    title: str
    name: str
    is_own: bool
    is_agent: bool
    agents: tuple[str, ...] = ()
    connections: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    sessions: int = 0
    grants: int = 0
    runs: int = 0
    auth_sessions: int = 0
    at_posthog: str | None = None
    back: str
    form: Form | None = None
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One erasure. `destroyed` has what went, by name; `posthog` is one sentence.

    `by_hand` are the ids whose persons somebody has to delete in PostHog, where it cannot be asked.
    """

    id: str
    subject: str
    by: str
    erased_at: datetime
    destroyed: Mapping[str, int] = field(default_factory=dict)
    posthog: str = ""
    by_hand: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasuresPage(Page):
    """Who was erased, as far as that may still be said. `more` leads to those before these."""

    template: ClassVar[str] = "erasures.html"
    area: ClassVar[Area | None] = Area.PRINCIPALS
    receipts: tuple[Receipt, ...] = ()
    more: str | None = None
