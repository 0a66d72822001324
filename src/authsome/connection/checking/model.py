"""What came of asking."""

from __future__ import annotations

from enum import StrEnum


class CheckOutcome(StrEnum):
    """Closed, so that it can be counted and can say nothing personal."""

    TAKEN = "taken"  # the provider takes it
    NOT_TAKEN = "not_taken"  # it answered, and does not
    UNCLEAR = "unclear"  # it answered something that says neither
    UNANSWERED = "unanswered"  # no answer that could be used
    NOT_ASKABLE = "not_askable"  # the definition names no address for that, or the secret is over


CHECK_WORDS = {
    CheckOutcome.TAKEN: "the provider takes it",
    CheckOutcome.NOT_TAKEN: "the provider does not take it: connect it again",
    CheckOutcome.UNCLEAR: "the provider's answer says neither yes nor no",
    CheckOutcome.UNANSWERED: "the provider did not answer",
    CheckOutcome.NOT_ASKABLE: "there is no address to ask, or the secret is over",
}
