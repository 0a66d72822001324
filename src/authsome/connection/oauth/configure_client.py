"""Say which OAuth client this installation is at a provider: set by an admin, or got by asking."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from authsome.connection.errors import OAuthClientInvalid
from authsome.connection.oauth.client import OAuthClient
from authsome.connection.ports import ConnectionWork
from authsome.kit.secret import Secret
from authsome.provider.catalogue import spoken_of
from authsome.provider.errors import OAuthNotOffered
from authsome.provider.events import ProviderConfigurationUpdated
from authsome.provider.find import get_provider
from authsome.provider.model import Provider
from authsome.vault.ensure import ensure_vault
from authsome.vault.errors import SealBroken
from authsome.vault.seal import Keeper

_ID = re.compile(r"[!-~]{1,512}")
_SECRET = re.compile(r"[!-~]{1,1024}")


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
    at = work.record(
        ProviderConfigurationUpdated(
            oauth_client_id=client.id,
            vault_id=client.vault_id,
            principal_id=admin_id,
            **spoken_of(known.name),
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


def checked_client(client_id: str, secret: Secret | None) -> tuple[str, Secret | None]:
    """Both without white space round them. Raises `OAuthClientInvalid`."""
    trimmed = secret.reveal().strip() if secret else ""
    if not _ID.fullmatch(client_id.strip()) or (trimmed and not _SECRET.fullmatch(trimmed)):
        raise OAuthClientInvalid
    return client_id.strip(), Secret(trimmed) if trimmed else None
