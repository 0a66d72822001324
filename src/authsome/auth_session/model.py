"""An auth session, and the ways it can end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from authsome.connection.model import Flow
from authsome.kit.caller import ActorKind, Caller

LIFE = timedelta(minutes=15)
MOST_OPEN = 10


class AuthSessionState(StrEnum):
    """Where an auth session is in its life."""

    OPEN = "open"
    COMPLETED = "completed"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class FailureReason(StrEnum):
    """Why an auth session failed. Closed, so that it can be counted and can say nothing personal."""

    KEY_INVALID = "key_invalid"  # what came on standard input is not a key
    NAME_TAKEN = "name_taken"  # a connection of that name was made in the meantime
    PROVIDER_REMOVED = "provider_removed"  # the provider is not there any more


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthSession:
    """One attempt to make a connection for `principal_id`; `identity_id` is the agent that asked, if any."""

    id: str
    principal_id: str
    identity_id: str | None = None
    provider: str
    connection_name: str
    flow: Flow
    state: AuthSessionState
    reason: FailureReason | None = None
    connection_id: str | None = None
    token_hash: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Overdue ones are not, whether or not somebody has come to say so."""
        return self.state is AuthSessionState.OPEN and now < self.expires_at

    def concerns(self, caller: Caller) -> bool:
        """Whether the caller is its principal, or the identity that asked for it."""
        if caller.kind is ActorKind.IDENTITY:
            return self.identity_id is not None and caller.identity_id == self.identity_id
        return caller.kind is ActorKind.PRINCIPAL and caller.principal_id == self.principal_id
