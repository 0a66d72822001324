"""A provider's revocation address, as connections see it: one token shown, and what it says to that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from authsome.connection.oauth.client import Credentials
from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.revocation.model import RevocationOutcome
from authsome.kit.secret import Secret
from authsome.provider.model import Provider


class TokenKind(StrEnum):
    """RFC 7009 §2.1, `token_type_hint`."""

    REFRESH = "refresh_token"
    ACCESS = "access_token"


@dataclass(frozen=True, slots=True)
class Answered:
    """The provider has decided; asking again would change nothing."""

    outcome: RevocationOutcome


@dataclass(frozen=True, slots=True)
class NotNow:
    """It could not be asked, or asked to be left alone. `retry_after` is for how long, if it said so."""

    reason: RefreshFailure
    retry_after: timedelta | None = None


class RevocationEndpoint(Protocol):
    """Asks over the network. Never within a unit of work."""

    async def revoke(
        self, provider: Provider, client: Credentials, *, token: Secret, kind: TokenKind
    ) -> Answered | NotNow: ...
