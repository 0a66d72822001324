"""The OAuth client that this installation is at a provider: set by an admin, or got by asking."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from authsome.connection.errors import OAuthClientInvalid, OAuthClientMissing
from authsome.connection.ports import ConnectionWork
from authsome.kit.secret import Secret
from authsome.provider.catalogue import reported
from authsome.provider.errors import OAuthNotOffered
from authsome.provider.events import ProviderConfigurationUpdated
from authsome.provider.find import get_provider
from authsome.provider.model import Provider
from authsome.provider.oauth import ClientOrigin
from authsome.vault.ensure import ensure_vault
from authsome.vault.errors import SealBroken
from authsome.vault.model import Place
from authsome.vault.seal import Keeper

# Where providers send people back to, below the base URL.
CALLBACK = "/auth/callback"
_ID = re.compile(r"[!-~]{1,512}")
_SECRET = re.compile(r"[!-~]{1,1024}")


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


def configure_client(
    work: ConnectionWork,
    keeper: Keeper,
    *,
    provider: str,
    client_id: str,
    secret: Secret | None,
    installation_id: str,
) -> OAuthClient:
    """Give a provider's client, or replace it. Admins only.

    Raises `ProviderMissing`, `OAuthNotOffered` or `OAuthClientInvalid`.
    """
    admin_id = work.caller.require_admin()
    known = get_provider(work, provider)
    client_id, secret = checked_client(client_id, secret)
    client = draft_client(work, keeper, provider=known, client_id=client_id, installation_id=installation_id)
    spoken_of = reported(known.name)
    at = work.record(
        ProviderConfigurationUpdated(
            oauth_client_id=client.id,
            vault_id=client.vault_id,
            principal_id=admin_id,
            provider=spoken_of.provider,
            custom_provider=spoken_of.custom_provider,
        )
    )
    return keep_client(work, keeper, client=client, secret=secret, at=at)


def draft_client(
    work: ConnectionWork, keeper: Keeper, *, provider: Provider, client_id: str, installation_id: str
) -> OAuthClient:
    """The client as it would stand, in the place of the one before. Raises `OAuthNotOffered`."""
    if provider.oauth is None:
        raise OAuthNotOffered
    vault = ensure_vault(work, keeper, principal_id=installation_id)
    before = work.oauth_clients.find_of(provider.name)
    return OAuthClient(
        id=before.id if before else work.new_id("ocl"),
        provider=provider.name,
        client_id=client_id,
        vault_id=vault.id,
        version=before.version + 1 if before else 1,
        created_at=before.created_at if before else work.now,
        updated_at=work.now,
        issuer=provider.oauth.issuer,
    )


def keep_client(
    work: ConnectionWork, keeper: Keeper, *, client: OAuthClient, secret: Secret | None, at: datetime
) -> OAuthClient:
    """Write what was drafted, its secret sealed. The caller has recorded the event that says so, `at`."""
    is_new = client.version == 1
    client = replace(client, updated_at=at, created_at=at if is_new else client.created_at)
    if secret is not None:
        vault = work.vaults.find(client.vault_id)
        if vault is None:
            raise SealBroken
        client = replace(client, sealed=keeper.seal(vault, client.place, secret))
    if is_new:
        work.oauth_clients.add(client)
    else:
        work.oauth_clients.update(client)
    return client


def find_client(view: ConnectionWork, provider: Provider) -> OAuthClient | None:
    """The client that the provider's authorization server knows, if there is one."""
    client = view.oauth_clients.find_of(provider.name)
    return client if client is not None and client.is_known_at(provider) else None


def open_client(view: ConnectionWork, keeper: Keeper, *, provider: str) -> Credentials:
    """The client with its SECRET, for the request to the provider.

    Raises `ProviderMissing` or `OAuthClientMissing`.
    """
    client = find_client(view, get_provider(view, provider))
    if client is None:
        raise OAuthClientMissing
    if client.sealed is None:
        return Credentials(client.client_id, None)
    vault = view.vaults.find(client.vault_id)
    if vault is None:
        raise SealBroken
    return Credentials(client.client_id, keeper.open(vault, client.place, client.sealed))


def checked_client(client_id: str, secret: Secret | None) -> tuple[str, Secret | None]:
    """Both without white space round them. Raises `OAuthClientInvalid`."""
    trimmed = secret.reveal().strip() if secret else ""
    if not _ID.fullmatch(client_id.strip()) or (trimmed and not _SECRET.fullmatch(trimmed)):
        raise OAuthClientInvalid
    return client_id.strip(), Secret(trimmed) if trimmed else None
