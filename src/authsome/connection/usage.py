"""The fact that leaves for a closed hour of counted use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from authsome.connection.events import CredentialsUsed
from authsome.connection.model import Connection, UseOutcome
from authsome.identity.model import Identity
from authsome.kit.caller import Surface
from authsome.kit.clock import rfc3339
from authsome.provider.catalogue import spoken_of


@dataclass(frozen=True, slots=True, kw_only=True)
class HourOfUse:
    """What is counted apart. `hour` is the start of the hour, in UTC; `principal_id` had the agent then."""

    hour: datetime
    identity: Identity
    principal_id: str
    connection: Connection
    surface: Surface
    outcome: UseOutcome
    count: int


def credentials_used(use: HourOfUse) -> CredentialsUsed:
    """The same event, under the same uuid, each time it is made from the same counts."""
    key = (rfc3339(use.hour), use.identity.id, use.connection.id, use.surface.value, use.outcome.value)
    return CredentialsUsed(
        usage_key=":".join(key),
        identity_handle=use.identity.handle,
        did=use.identity.did,
        principal_id=use.principal_id,
        connection_id=use.connection.id,
        **spoken_of(use.connection.provider),
        surface=use.surface,
        outcome=use.outcome,
        count=use.count,
    )
