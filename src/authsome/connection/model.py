"""A connection, and what may be typed for one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from authsome.connection.errors import ConnectionNameInvalid, KeyInvalid
from authsome.kit.secret import Secret
from authsome.vault.model import Place

DEFAULT_NAME = "default"
LONGEST_KEY = 4096
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_KEY = re.compile(r"[!-~]{1,4096}")


class ConnectionState(StrEnum):
    """Where a connection is in its life. Only a connected one can be used."""

    CONNECTED = "connected"
    LOGGED_OUT = "logged_out"
    REVOKED = "revoked"


class Flow(StrEnum):
    """How a connection was made, which is also how its sealed text is to be read."""

    API_KEY = "api_key"  # the sealed text is the key itself


class UseOutcome(StrEnum):
    """How a request that was to carry a secret ended. The proxy counts under the same words."""

    DELIVERED = "delivered"  # the provider answered
    CREDENTIAL_REJECTED = "credential_rejected"  # it answered 401: it does not take the secret
    REFUSED = "refused"  # the gateway did not let this request through
    UPSTREAM_FAILED = "upstream_failed"  # no answer could be had


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A principal's access to a provider. `sealed` is None from its end on."""

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

    @property
    def is_live(self) -> bool:
        return self.state is ConnectionState.CONNECTED

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
