"""A connection, and what may be typed for one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from authsome.connection.checking.model import CheckOutcome
from authsome.connection.errors import ConnectionNameInvalid, KeyInvalid
from authsome.connection.oauth.tokens import SKEW
from authsome.kit.secret import Secret
from authsome.vault.model import Place

DEFAULT_NAME = "default"
LONGEST_KEY = 4096
OFFLINE = "offline_access"  # OpenID Connect Core §11
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_KEY = re.compile(r"[!-~]{1,4096}")


class ConnectionState(StrEnum):
    """Where a connection is in its life. Only a connected one can be used."""

    CONNECTED = "connected"
    NEEDS_RECONNECTION = "needs_reconnection"
    LOGGED_OUT = "logged_out"
    REVOKED = "revoked"


LIVE = frozenset((ConnectionState.CONNECTED, ConnectionState.NEEDS_RECONNECTION))


class Flow(StrEnum):
    """How a connection was made, which is also how its sealed text is to be read."""

    API_KEY = "api_key"  # the sealed text is the key, or its fields: `keys.py`
    AUTHORIZATION_CODE = "authorization_code"  # the sealed text is `tokens.Tokens`
    DEVICE_CODE = "device_code"  # the same, for a person who decides on another device
    CLIENT_CREDENTIALS = "client_credentials"  # the same, for the installation's own client


class BrokenReason(StrEnum):
    """Why a connection needs its principal. Closed, so that it can be counted."""

    REFRESH_REFUSED = "refresh_refused"  # the provider does not take the refresh token: revoked, or too old
    REFRESH_INTERRUPTED = "refresh_interrupted"  # the server ended in between, and the token works once
    EXPIRED = "expired"  # the access token ran out, and no refresh token came with it
    PROVIDER_CHANGED = "provider_changed"  # an admin gave the provider a definition that reaches further
    TOKEN_REJECTED = "token_rejected"  # the provider's API refused even a token that was just made


# What people are told. Each is a whole sentence's predicate: "github/work: …".
BROKEN_WORDS = {
    BrokenReason.REFRESH_REFUSED: "the provider has withdrawn the access, or it was not used for too long",
    BrokenReason.REFRESH_INTERRUPTED: "the server ended while it was asking the provider for a new token",
    BrokenReason.EXPIRED: "the access has run out, and the provider does not let it be renewed",
    BrokenReason.PROVIDER_CHANGED: "an admin has changed the provider, and its secret would go elsewhere",
    BrokenReason.TOKEN_REJECTED: "the provider refused a token that it had just made",
}


class UseOutcome(StrEnum):
    """How a request that was to carry a secret ended. The proxy counts under the same words."""

    DELIVERED = "delivered"  # the provider answered
    CREDENTIAL_REJECTED = "credential_rejected"  # it answered 401: it does not take the secret
    REFUSED = "refused"  # the gateway did not let this request through
    UPSTREAM_FAILED = "upstream_failed"  # no answer could be had


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A principal's access to a provider. `sealed` is None from its end on.

    `version` grows with each secret that replaces another. Four are of connections with tokens: until when
    the access token is good, from when on it is renewed, whether it can be, and why it is broken. `shared_at`
    is since when every principal may use it. Scopes are in the provider's words; those held are what it named
    when it gave the tokens. `holder` is what the provider calls whoever it is there; that and whether it is
    taken is asked for while `check_due`.
    """

    id: str
    principal_id: str
    provider: str
    name: str
    flow: Flow
    state: ConnectionState
    is_default: bool
    vault_id: str
    sealed: bytes | None = field(default=None, repr=False)
    version: int = 1
    created_at: datetime
    first_used_at: datetime | None = None
    first_used_by: str | None = None
    ended_at: datetime | None = None
    expires_at: datetime | None = None
    refresh_at: datetime | None = None
    is_refreshable: bool = False
    reason: BrokenReason | None = None
    shared_at: datetime | None = None
    scopes_asked: tuple[str, ...] = ()
    scopes_held: tuple[str, ...] = ()
    holder: str | None = None
    check_due: bool = False
    checked_at: datetime | None = None
    check_outcome: CheckOutcome | None = None

    @property
    def scopes_missing(self) -> tuple[str, ...]:
        """What was asked for and not given. A refresh token is what `offline_access` gives, named or not."""
        given = {*self.scopes_held, *((OFFLINE,) if self.is_refreshable else ())}
        return tuple(one for one in self.scopes_asked if one not in given)

    @property
    def is_shared(self) -> bool:
        """Whether principals besides its owner may give it to their agents."""
        return self.shared_at is not None

    @property
    def is_live(self) -> bool:
        """Whether it still has its secret and its name; one that needs its principal has."""
        return self.state in LIVE

    @property
    def is_usable(self) -> bool:
        """Whether a request may carry its secret."""
        return self.state is ConnectionState.CONNECTED

    def is_due(self, now: datetime) -> bool:
        """Whether a new token should be asked for."""
        return self.refresh_at is not None and now >= self.refresh_at

    def is_spent(self, now: datetime) -> bool:
        """Whether its token is as good as over. Of a short life, no more than half of the notice is lost."""
        if self.expires_at is None:
            return False
        notice = (self.expires_at - self.refresh_at) / 2 if self.refresh_at else SKEW
        return now >= self.expires_at - min(SKEW, notice)

    @property
    def words(self) -> str:
        """Its state as people are told it: one that will run out and cannot be renewed is expiring."""
        if self.is_usable and self.expires_at is not None and not self.is_refreshable:
            return "expiring"
        return self.state.value.replace("_", " ")

    @property
    def reference(self) -> str:
        """How people write it: `provider/name`."""
        return f"{self.provider}/{self.name}"

    @property
    def place(self) -> Place:
        """What its sealed secret is bound to."""
        return Place("connection", self.id, self.version)


def check_name(name: str) -> str:
    """Raises `ConnectionNameInvalid`."""
    if not _NAME.fullmatch(name):
        raise ConnectionNameInvalid
    return name


def check_key(key: Secret) -> Secret:
    """The key without white space round it, which copying often adds. Raises `KeyInvalid`.

    What stays inside goes into a header as it is, so a line end in it would add headers of its own choosing.
    """
    if len(key) > 2 * LONGEST_KEY:
        raise KeyInvalid
    trimmed = key.reveal().strip()
    if not _KEY.fullmatch(trimmed):
        raise KeyInvalid
    return Secret(trimmed)
