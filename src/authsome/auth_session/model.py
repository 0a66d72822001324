"""An auth session, and the ways it can end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from authsome.connection.model import Flow
from authsome.kit.caller import ActorKind, Caller

LIFE = timedelta(minutes=15)
MOST_OPEN = 10


class AuthSessionState(StrEnum):
    """Where an auth session is in its life."""

    PENDING = "pending"  # nobody has begun with it, or has come back without an end
    WAITING = "waiting"  # for the person, who is at the provider's page
    COMPLETED = "completed"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


OPEN = frozenset((AuthSessionState.PENDING, AuthSessionState.WAITING))


class FailureReason(StrEnum):
    """Why an auth session failed. Closed, so that it can be counted and can say nothing personal."""

    KEY_INVALID = "key_invalid"  # what came on standard input is not a key
    NAME_TAKEN = "name_taken"  # a connection of that name was made in the meantime
    PROVIDER_REMOVED = "provider_removed"  # the provider is not there any more
    PROVIDER_CHANGED = "provider_changed"  # an admin changed the provider meanwhile
    ACCESS_DENIED = "access_denied"  # the person said no at the provider
    PROVIDER_REFUSED = "provider_refused"  # the provider sent them back with an error of another kind
    ISSUER_MISMATCH = "issuer_mismatch"  # the answer is not from the provider that was asked (RFC 9207)
    CODE_REFUSED = "code_refused"  # the provider did not take the code it had given
    CLIENT_REFUSED = "client_refused"  # the provider does not take our client, or there is none
    CLIENT_REPLACED = "client_replaced"  # it had forgotten our client, and has given another meanwhile
    ID_TOKEN_INVALID = "id_token_invalid"  # who signed in is not said, or said of another question
    ADDRESS_REFUSED = "address_refused"  # the page that the provider names is not safe to open
    PROVIDER_UNREACHABLE = "provider_unreachable"  # no answer could be had for the code
    ANSWER_MALFORMED = "answer_malformed"  # the answer for the code was none


# What people are told of a failed session: what happened, and what to do next.
FAILED_WORDS = {
    FailureReason.KEY_INVALID: ("What was given is not a key", "copy the key again"),
    FailureReason.NAME_TAKEN: (
        "A connection of that name was made in the meantime",
        "choose another name with --connection",
    ),
    FailureReason.PROVIDER_REMOVED: ("The provider is not there any more", "see `authsome providers`"),
    FailureReason.PROVIDER_CHANGED: ("An admin has changed the provider meanwhile", "begin again"),
    FailureReason.ACCESS_DENIED: (
        "Access was not allowed on the provider's page",
        "begin again if that was a mistake",
    ),
    FailureReason.PROVIDER_REFUSED: (
        "The provider refused the request",
        "ask an admin to compare scopes and callback address with what is registered at the provider",
    ),
    FailureReason.ISSUER_MISMATCH: (
        "The answer did not come from the provider that was asked",
        "begin again, and follow no link to it that somebody sent you",
    ),
    FailureReason.CODE_REFUSED: (
        "The provider did not take its own code: it is too old, or was used already",
        "begin again",
    ),
    FailureReason.CLIENT_REFUSED: (
        "The provider does not take this installation's client",
        "ask an admin to set it anew with `authsome providers client`",
    ),
    FailureReason.CLIENT_REPLACED: (
        "The provider had forgotten this installation, which has registered there anew",
        "begin again",
    ),
    FailureReason.ID_TOKEN_INVALID: (
        "The provider's answer does not say who signed in, or says it for another question",
        "begin again; if it happens again, tell an admin",
    ),
    FailureReason.ADDRESS_REFUSED: (
        "The provider named a page that is not safe to open",
        "connect it in another way, and tell an admin of it",
    ),
    FailureReason.PROVIDER_UNREACHABLE: ("The provider could not be reached", "begin again in a moment"),
    FailureReason.ANSWER_MALFORMED: ("The provider's answer could not be read", "begin again in a moment"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthSession:
    """One attempt to make a connection for `principal_id`; `identity_id` is the agent that asked, if any.

    `scopes` are what the provider is asked for. `reauthorizes` is the connection in whose place it is to be,
    if there is one. `state_hash` is there while the person is at the provider, `browser_session_id` says with
    which browser they went, and `server` is the fingerprint of the authorization server that they went to.
    The last six are there while a device code waits: what its person is shown, how often the provider is
    asked, and the code itself, sealed.
    """

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
    scopes: tuple[str, ...] = ()
    reauthorizes: str | None = None
    state_hash: str | None = None
    browser_session_id: str | None = None
    server: str | None = None
    user_code: str | None = None
    verification_uri: str | None = None
    verification_uri_complete: str | None = None
    poll_seconds: int | None = None
    vault_id: str | None = None
    sealed: bytes | None = field(default=None, repr=False)

    def is_open(self, now: datetime) -> bool:
        """Overdue ones are not, whether or not somebody has come to say so."""
        return self.state in OPEN and now < self.expires_at

    def concerns(self, caller: Caller) -> bool:
        """Whether the caller is its principal, or the identity that asked for it."""
        if caller.kind is ActorKind.IDENTITY:
            return self.identity_id is not None and caller.identity_id == self.identity_id
        return caller.kind is ActorKind.PRINCIPAL and caller.principal_id == self.principal_id
