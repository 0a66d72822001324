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
    CONNECTION_UNCLEAR = "connection_unclear"
    NEEDS_RECONNECTION = "needs_reconnection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """An identity may use a connection, until `ended_at`. `principal_id` gave it, and had the identity."""

    id: str
    identity_id: str
    connection_id: str
    principal_id: str
    created_at: datetime
    ended_at: datetime | None = None

    @property
    def is_live(self) -> bool:
        return self.ended_at is None
