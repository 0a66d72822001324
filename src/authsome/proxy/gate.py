"""What the proxy asks of the rest of the house, and the values it gets back.

The composition root implements `Gate` with use cases; tests implement it with a dictionary. Decisions are
values: a `Refusal` is an answer, not an exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from authsome.kit.secret import Secret


@dataclass(frozen=True, slots=True)
class Refusal:
    """No, why, and what to do next. `reason` and `hint` are shown to the agent, so they hold no secret."""

    code: str
    reason: str
    hint: str
    status: int = 403


@dataclass(frozen=True, slots=True)
class RunPass:
    """A run whose token was accepted. `opaque` is the gate's own and is handed back to it untouched."""

    run_id: str
    opaque: object = None


class Renewal(Protocol):
    """A credential that can be replaced by a newer one when the provider does not take it."""

    def is_open(self) -> bool:
        """Whether to ask for one now. Called on the event loop, so it must not block."""
        ...

    async def renew(self) -> Passage | Refusal:
        """The same passage with a newer credential, or why there is none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What a run may reach at one host and port, and with which SECRETS.

    `headers` and `query` are set on each request and replace whatever the agent sent under those names;
    `remove` names further headers to take out (the placeholder key that an SDK insists on). Header values
    are complete (`Bearer …`). `scrub` holds further forms of the secret to take out of response headers,
    such as the bare key inside a Basic value; `harmless` are headers and parameters that hold none, such as
    an account's id, and come back as they are. It is good for `lasts` seconds from the asking on, where it is
    known to end by itself. `private_ok` is true only where an admin listed exactly
    this host and port. `hint_if_rejected` goes with the provider's 401. `opaque` is the gate's own.
    """

    connection_id: str
    host: str
    port: int
    headers: tuple[tuple[str, Secret], ...] = ()
    query: tuple[tuple[str, Secret], ...] = ()
    remove: tuple[str, ...] = ()
    scrub: tuple[Secret, ...] = ()
    harmless: frozenset[str] = frozenset()
    private_ok: bool = False
    lasts: float | None = None
    renewal: Renewal | None = None
    hint_if_rejected: str = ""
    opaque: object = None


class Outcome(StrEnum):
    """How one request inside a passage ended."""

    DELIVERED = "delivered"  # the provider answered
    CREDENTIAL_REJECTED = "credential_rejected"  # it answered 401: it does not take the credential
    REFUSED = "refused"  # the gateway did not let this request through
    UPSTREAM_FAILED = "upstream_failed"  # no answer came; what the provider did is not known


class Gate(Protocol):
    """Who may pass, where to, and with what."""

    async def admit(self, token: Secret) -> RunPass | Refusal:
        """The run that this token belongs to, if it is alive."""
        ...

    async def open(self, run: RunPass, host: str, port: int) -> Passage | Refusal:
        """Whether the run may reach `host` (lower case, no trailing dot, IPv6 without brackets) at `port`."""
        ...

    def used(self, passage: Passage, outcome: Outcome) -> None:
        """Count one request. Called on the event loop for each one, so it must not block or raise."""
        ...

    def generation(self) -> int | bytes:
        """A value that changes whenever something was committed that could change a decision.

        Called for each request, so it must be cheap.
        """
        ...
