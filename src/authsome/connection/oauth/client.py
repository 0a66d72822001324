"""The OAuth client that this installation is at a provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from authsome.kit.secret import Secret
from authsome.provider.model import Provider
from authsome.provider.oauth import ClientOrigin
from authsome.vault.model import Place

# Where providers send people back to, below the base URL.
CALLBACK = "/auth/callback"


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthClient:
    """One per provider. `sealed` is its secret, or None for a client that has none.

    It is sealed in a vault of the installation's own: it must outlive whichever admin typed it. `issuer` is
    the authorization server that knows it, where that says who it is: no other one ever gets its secret.
    `expires_at` is until when its secret is good.
    """

    id: str
    provider: str
    client_id: str
    vault_id: str
    sealed: bytes | None = field(default=None, repr=False)
    version: int = 1
    created_at: datetime
    updated_at: datetime
    origin: ClientOrigin = ClientOrigin.GIVEN
    issuer: str | None = None
    expires_at: datetime | None = None

    @property
    def place(self) -> Place:
        return Place("oauth_client", self.id, self.version)

    def is_known_at(self, provider: Provider) -> bool:
        """Whether the provider's authorization server is the one that knows it."""
        issuer = provider.oauth.issuer if provider.oauth else None
        return self.issuer is None or self.issuer == issuer


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the provider's token address is shown. `secret` is SECRET."""

    client_id: str
    secret: Secret | None
