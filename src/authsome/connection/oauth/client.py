"""The OAuth client that this installation is at a provider, as an admin registered it there."""

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
from authsome.vault.ensure import ensure_vault
from authsome.vault.errors import SealBroken
from authsome.vault.model import Place
from authsome.vault.seal import Keeper

_ID = re.compile(r"[!-~]{1,512}")
_SECRET = re.compile(r"[!-~]{1,1024}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthClient:
    """One per provider. `sealed` is its secret, or None for a client that has none.

    It is sealed in a vault of the installation's own: it must outlive whichever admin typed it.
    """

    id: str
    provider: str
    client_id: str
    vault_id: str
    sealed: bytes | None = field(default=None, repr=False)
    version: int = 1
    created_at: datetime
    updated_at: datetime

    @property
    def place(self) -> Place:
        return Place("oauth_client", self.id, self.version)


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
    if known.oauth is None:
        raise OAuthNotOffered
    client_id, secret = _checked(client_id, secret)
    vault = ensure_vault(work, keeper, principal_id=installation_id)
    before = work.oauth_clients.find_of(known.name)
    row_id, spoken_of = before.id if before else work.new_id("ocl"), reported(known.name)
    at = work.record(
        ProviderConfigurationUpdated(
            oauth_client_id=row_id,
            vault_id=vault.id,
            principal_id=admin_id,
            provider=spoken_of.provider,
            custom_provider=spoken_of.custom_provider,
        )
    )
    client = OAuthClient(
        id=row_id,
        provider=known.name,
        client_id=client_id,
        vault_id=vault.id,
        version=before.version + 1 if before else 1,
        created_at=before.created_at if before else at,
        updated_at=at,
    )
    if secret is not None:
        client = replace(client, sealed=keeper.seal(vault, client.place, secret))
    if before:
        work.oauth_clients.update(client)
    else:
        work.oauth_clients.add(client)
    return client


def open_client(view: ConnectionWork, keeper: Keeper, *, provider: str) -> Credentials:
    """The client with its SECRET, for the request to the provider. Raises `OAuthClientMissing`."""
    client = view.oauth_clients.find_of(provider)
    if client is None:
        raise OAuthClientMissing
    if client.sealed is None:
        return Credentials(client.client_id, None)
    vault = view.vaults.find(client.vault_id)
    if vault is None:
        raise SealBroken
    return Credentials(client.client_id, keeper.open(vault, client.place, client.sealed))


def _checked(client_id: str, secret: Secret | None) -> tuple[str, Secret | None]:
    trimmed = secret.reveal().strip() if secret else ""
    if not _ID.fullmatch(client_id.strip()) or (trimmed and not _SECRET.fullmatch(trimmed)):
        raise OAuthClientInvalid
    return client_id.strip(), Secret(trimmed) if trimmed else None
