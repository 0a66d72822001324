"""Which first times of an agent the rollups keep side by side, one row for each agent.

What funnels and cohorts of agents ask for has to be here. To add one: a column in `store/tables/rollup`, a
line below, and raise `fold.VERSION`.
"""

from __future__ import annotations

from authsome.analytics.metric import Sign
from authsome.claim.events import IdentityClaimed, IdentityClaimOpened
from authsome.connection.events import CredentialsUsed
from authsome.connection.model import UseOutcome
from authsome.identity.events import IdentityRegistered
from authsome.kit.event import Event

WHO = "identity_handle"
FIRSTS = {
    "registered_at": Sign(event=IdentityRegistered),
    "opened_at": Sign(event=IdentityClaimOpened),
    "claimed_at": Sign(event=IdentityClaimed),
    "used_at": Sign(event=CredentialsUsed, outcome=UseOutcome.DELIVERED.value),
}


def column_of(event: type[Event], outcome: str | None = None) -> str:
    """The column of the rollups with the first time of this. Raises `KeyError` where there is none."""
    return {sign: column for column, sign in FIRSTS.items()}[Sign(event=event, outcome=outcome)]
