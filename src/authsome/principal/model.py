"""Principals, the links that make them, and their sessions."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from authsome.kit.caller import ActorKind, Caller, Surface
from authsome.kit.errors import InputInvalid

SESSION_LIFE = timedelta(hours=12)
TERMINAL_LIFE = timedelta(hours=1)
LINK_LIFE = {
    "set_up": timedelta(days=1),
    "invitation": timedelta(days=7),
    "reset": timedelta(hours=1),
}
LONGEST_NAME = 100
_NOT_IN_NAMES = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}

# Deliberately loose: one @, no spaces or control characters, a length that RFC 5321 §4.5.3.1 allows.
_EMAIL = re.compile(r"[^\s@\x00-\x1f\x7f]{1,64}@[^\s@\x00-\x1f\x7f]{1,189}")


class Role(StrEnum):
    """What a principal may do beyond their own things."""

    ADMIN = "admin"
    MEMBER = "member"


class PrincipalState(StrEnum):
    """Whether they can sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"
    ERASED = "erased"  # nothing is left but the id, so that it is never used again


class LinkKind(StrEnum):
    """What a one-time link is good for."""

    SET_UP = "set_up"
    INVITATION = "invitation"
    RESET = "reset"


class SessionKind(StrEnum):
    """Where a principal is signed in."""

    BROWSER = "browser"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A person with an account. `email` is how they sign in and never leaves the installation."""

    id: str
    email: str
    role: Role
    state: PrincipalState
    created_at: datetime
    display_name: str | None = None
    password_hash: str | None = field(default=None, repr=False)
    ended_at: datetime | None = None

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    def as_caller(self, *, session_id: str | None = None, surface: Surface = Surface.PAGE) -> Caller:
        """This principal, asking."""
        return Caller(
            kind=ActorKind.PRINCIPAL,
            id=self.id,
            principal_id=self.id,
            is_admin=self.is_admin,
            session_id=session_id,
            surface=surface,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A one-time link, of which only the digest is kept."""

    id: str
    kind: LinkKind
    token_hash: str
    role: Role
    created_at: datetime
    expires_at: datetime
    principal_id: str | None = None
    created_by: str | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A principal signed in: a browser with a cookie, or a terminal with a key of its own."""

    id: str
    kind: SessionKind
    principal_id: str
    created_at: datetime
    expires_at: datetime
    token_hash: str | None = None
    did: str | None = None
    ended_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


def check_display_name(text: str | None) -> str | None:
    """The name in one spelling, or None for none. Raises `InputInvalid`.

    Format characters are refused with the control characters: a right-to-left override in a name would
    rewrite the words around it on an admin's page.
    """
    if text is None or not text.strip():
        return None
    name = unicodedata.normalize("NFC", text[: 4 * LONGEST_NAME].strip())
    if len(name) > LONGEST_NAME or any(unicodedata.category(c) in _NOT_IN_NAMES for c in name):
        raise InputInvalid(f"a display name has 1 to {LONGEST_NAME} printable characters on one line")
    return name


def normal_email(text: str) -> str:
    """The one spelling under which an e-mail is stored and looked up. Raises `InputInvalid`."""
    if len(text) > 254:
        raise InputInvalid("the e-mail address is longer than 254 characters")
    folded = unicodedata.normalize("NFKC", text.strip()).casefold()
    if not _EMAIL.fullmatch(folded):
        raise InputInvalid("that is not an e-mail address")
    return folded
