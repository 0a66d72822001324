"""A grant, and why a request may be refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reason(StrEnum):
    """Why a request may not pass. These are codes of the API, shown to the agent."""

    IDENTITY_UNCLAIMED = "identity_unclaimed"
    IDENTITY_ENDED = "identity_ended"
    HOST_NOT_COVERED = "host_not_covered"
    HOST_UNCLEAR = "host_unclear"
    NOT_CONNECTED = "not_connected"
    NOT_GRANTED = "not_granted"
    GRANT_EXPIRED = "grant_expired"
    CONNECTION_UNCLEAR = "connection_unclear"
    NEEDS_RECONNECTION = "needs_reconnection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """An identity may use a connection, until it ends or expires. `principal_id` gave it, and had that.

    `expires_at` is chosen, and None where it lasts until somebody takes it away; `given_until` is what it was
    at first. One that has expired is not cleaned up: it counts no more, and may be made to last again.
    """

    id: str
    identity_id: str
    connection_id: str
    principal_id: str
    created_at: datetime
    ended_at: datetime | None = None
    expires_at: datetime | None = None
    given_until: datetime | None = None

    @property
    def is_live(self) -> bool:
        """Whether nobody has taken it away, expired or not."""
        return self.ended_at is None

    def holds(self, now: datetime) -> bool:
        """Whether it opens anything at this moment."""
        return self.is_live and (self.expires_at is None or now < self.expires_at)
