"""What every page shares: the frame around it, forms, badges, and the class that renders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from authsome.server.web.render import render


class Area(StrEnum):
    """The entry of the navigation that a page belongs to."""

    OVERVIEW = "overview"
    AGENTS = "agents"
    CONNECTIONS = "connections"
    ANALYTICS = "analytics"
    PRINCIPALS = "principals"


class Tone(StrEnum):
    """What a state means for the reader. Each tone has a colour and a shape, so colour is never needed."""

    GOOD = "good"
    WAIT = "wait"
    BAD = "bad"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A state in a word or two."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One sentence above the page about what has just happened."""

    text: str
    tone: Tone = Tone.GOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """The principal who is signed in. `name` is the display name, or else the e-mail."""

    name: str
    is_admin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What surrounds a page.

    `installation` is the name people know this server by, usually its host. `csrf` is the value that
    every form sends back as `csrf_token`. Without a visitor there is no navigation.
    """

    installation: str
    csrf: str = ""
    visitor: Visitor | None = None
    notice: Notice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Where a form is sent, and what came of the last attempt.

    `sent` is what was typed, shown again; a password or key must never be in it. `errors` is by field,
    `problem` concerns the whole form. `hidden` goes back unseen, such as the value of a one-time link.
    """

    action: str
    sent: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None
    hidden: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """What stands in place of a list or chart that has nothing yet: why, and the command that changes it."""

    text: str
    commands: tuple[str, ...] = ()


class Page:
    """A page's values. Subclasses are frozen dataclasses that name their template."""

    template: ClassVar[str]
    area: ClassVar[Area | None] = None

    __slots__ = ()

    def html(self, frame: Frame) -> str:
        """The whole page as text."""
        return render(self.template, page=self, frame=frame)
