"""An access request, and how long it is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from authsome.grant.access.errors import AccessNoteInvalid
from authsome.identity.model import Identity, IdentityState
from authsome.identity.plain_line import plain_line

LIFE = timedelta(days=7)
DAY = timedelta(days=1)
MOST_OPEN = 5
MOST_A_DAY = 20
LONGEST_NOTE = 200


class AccessState(StrEnum):
    """Where an access request is in its life. Nothing is written when one expires."""

    OPEN = "open"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequest:
    """An identity's question to the principal who had claimed it then.

    `connection_name` is the name it asked for, if it asked for one; there may be no such connection.
    `state` is what was decided; `state_for` says whether one that nobody decided is open still.
    """

    id: str
    identity_id: str
    principal_id: str
    provider: str
    connection_name: str | None
    lasts_seconds: int | None
    note: str | None
    state: AccessState
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    grant_id: str | None = None

    @property
    def lasting(self) -> timedelta | None:
        """For how long it is asked; None for until it is taken away."""
        return None if self.lasts_seconds is None else timedelta(seconds=self.lasts_seconds)

    @property
    def wanted(self) -> tuple[str, str | None]:
        """What is asked for: two requests for the same are one."""
        return self.provider, self.connection_name

    def state_for(self, identity: Identity | None, now: datetime) -> AccessState:
        """How it stands, given its identity as it is now."""
        if self.state is not AccessState.OPEN:
            return self.state
        return AccessState.OPEN if self._is_open(identity, now) else AccessState.EXPIRED

    def _is_open(self, identity: Identity | None, now: datetime) -> bool:
        """In time, and under the same claim: who claims it again, be it the same person, was not asked."""
        if identity is None or identity.state is not IdentityState.CLAIMED or identity.claimed_at is None:
            return False
        same = identity.id == self.identity_id and identity.principal_id == self.principal_id
        return same and identity.claimed_at <= self.created_at and now < self.expires_at


def check_note(note: str | None) -> str | None:
    """The note in one spelling, or None for none. Raises `AccessNoteInvalid`."""
    if note is None or not note.strip():
        return None
    text = plain_line(note, longest=LONGEST_NOTE)
    if text is None:
        raise AccessNoteInvalid
    return text
