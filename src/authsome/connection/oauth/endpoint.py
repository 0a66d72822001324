"""A provider's token address, as connections see it: a question, and the three ways it can be answered.

Answers are values. Whoever asks has a secret on its way that may work only once, so how far it got is part of
the answer: `NotGranted` was dealt with, `Withheld` never left.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from authsome.connection.oauth.client import Credentials
from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.oauth.tokens import Tokens
from authsome.kit.secret import Secret
from authsome.provider.model import Provider


class DeviceAnswer(StrEnum):
    """What a token address says of a device code that gives no token (RFC 8628 §3.5)."""

    PENDING = "authorization_pending"
    SLOW_DOWN = "slow_down"
    DENIED = "access_denied"
    EXPIRED = "expired_token"
    UNKNOWN = "invalid_request"  # what Authlib's server says of a code that it does not have any more


@dataclass(frozen=True, slots=True)
class ByRefreshToken:
    """RFC 6749 §6. SECRET."""

    token: Secret


@dataclass(frozen=True, slots=True)
class ByCode:
    """RFC 6749 §4.1.3 with RFC 7636 §4.5. SECRET, but for the address."""

    code: Secret
    verifier: Secret
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class ByClient:
    """RFC 6749 §4.4.2: nothing but the client's own secret."""

    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByDeviceCode:
    """RFC 8628 §3.4. SECRET."""

    code: Secret


Grant = ByRefreshToken | ByCode | ByClient | ByDeviceCode


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Whom to ask, as whom, and by what right."""

    provider: Provider
    client: Credentials
    grant: Grant

    @property
    def works_once(self) -> bool:
        """Whether what is shown is used up by asking, so that it must not be sent a second time."""
        oauth = self.provider.oauth
        return isinstance(self.grant, ByRefreshToken) and oauth is not None and oauth.refresh_tokens_rotate


@dataclass(frozen=True, slots=True)
class Granted:
    """Tokens came. `id_token` is SECRET, and there where OpenID was asked for; it is not kept."""

    tokens: Tokens
    id_token: Secret | None = None


@dataclass(frozen=True, slots=True)
class NotGranted:
    """None came. `retry_after` is what the provider asked for, if it did; `is_client_unknown` says that it
    does not know our client at all, or not by this secret (`invalid_client`); `said` is of device codes.
    """

    reason: RefreshFailure
    retry_after: timedelta | None = None
    is_client_unknown: bool = False
    said: DeviceAnswer | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """`before_sending` said no, and nothing was sent."""


class TokenEndpoint(Protocol):
    """Asks over the network. Never within a unit of work."""

    async def ask(
        self, request: TokenRequest, *, before_sending: Callable[[], Awaitable[bool]]
    ) -> Granted | NotGranted | Withheld:
        """Ask once, without repeating. `before_sending` is called when the connection stands, and decides."""
        ...
