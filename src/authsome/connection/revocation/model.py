"""A revocation at a provider, and how it can end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from authsome.vault.model import Place

LASTS = timedelta(days=1)


class RevocationOutcome(StrEnum):
    """What came of asking. Closed, so that it can be counted and can say nothing personal."""

    REVOKED = "revoked"  # the provider takes none of the tokens any more
    REFUSED = "refused"  # it answered that it will not do that
    CLIENT_REFUSED = "client_refused"  # it does not take this installation's client
    NOBODY_TO_ASK = "nobody_to_ask"  # the provider, its address or our client is not there any more
    UNANSWERED = "unanswered"  # no answer that could be used came in a day


_BY_HAND = "delete the access on its own page"
# What people are told after "At the provider: ".
OUTCOME_WORDS = {
    RevocationOutcome.REVOKED: "revoked there too",
    RevocationOutcome.REFUSED: f"the provider refused; {_BY_HAND}",
    RevocationOutcome.CLIENT_REFUSED: f"the provider does not take our client; {_BY_HAND}",
    RevocationOutcome.NOBODY_TO_ASK: f"nobody could be asked; {_BY_HAND}",
    RevocationOutcome.UNANSWERED: f"no answer in a day; {_BY_HAND}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """`sealed` are the tokens, in the vault of the installation; None from the end on."""

    id: str
    connection_id: str
    provider: str
    vault_id: str
    sealed: bytes | None = field(default=None, repr=False)
    created_at: datetime
    ended_at: datetime | None = None
    outcome: RevocationOutcome | None = None

    @property
    def place(self) -> Place:
        """What its sealed tokens are bound to."""
        return Place("revocation", self.id)
