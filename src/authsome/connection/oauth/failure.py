"""Why a token address gives nothing. Closed, so that it can be counted and can say nothing personal."""

from __future__ import annotations

from enum import StrEnum


class RefreshFailure(StrEnum):
    """What became of a question for a token, where no token came."""

    REFUSED = "refused"  # the grant is not taken: invalid_grant
    CLIENT_REFUSED = "client_refused"  # the provider does not take our client: invalid_client and its like
    CLIENT_REPLACED = "client_replaced"  # it had forgotten our client, and has given another meanwhile
    CLIENT_MISSING = "client_missing"  # no admin has registered one, or the provider has no OAuth any more
    UNREACHABLE = "unreachable"  # no connection: name, network, certificate, an address that is not allowed
    TIMED_OUT = "timed_out"  # no answer in time; what the provider did is not known
    OVERLOADED = "overloaded"  # 429: it asks to be left alone for a while
    PROVIDER_FAILED = "provider_failed"  # 5xx, or the connection broke off
    MALFORMED = "malformed"  # an answer that is none: too long, not readable, without a token
    INTERRUPTED = "interrupted"  # a server ended after it had asked


# What people are told after "no new token: ".
WORDS = {
    RefreshFailure.REFUSED: "the provider refused",
    RefreshFailure.CLIENT_REFUSED: "the provider does not take our client: ask an admin to set it anew",
    RefreshFailure.CLIENT_REPLACED: "the provider had forgotten this installation, which registered anew",
    RefreshFailure.CLIENT_MISSING: "no admin has registered this installation at the provider",
    RefreshFailure.UNREACHABLE: "the provider could not be reached",
    RefreshFailure.TIMED_OUT: "the provider did not answer in time",
    RefreshFailure.OVERLOADED: "the provider asked to be left alone for a while",
    RefreshFailure.PROVIDER_FAILED: "the provider failed",
    RefreshFailure.MALFORMED: "the provider's answer could not be read",
    RefreshFailure.INTERRUPTED: "the server ended while it was asking",
}
