"""Write down the client that was got."""

from __future__ import annotations

from dataclasses import replace

from authsome.connection.by_address.registration import Registered
from authsome.connection.oauth.client import OAuthClient
from authsome.connection.oauth.configure_client import draft_client, keep_client
from authsome.connection.ports import ConnectionWork
from authsome.kit.caller import ActorKind
from authsome.provider.catalogue import spoken_of
from authsome.provider.events import ProviderClientRegistered
from authsome.provider.model import Provider
from authsome.provider.oauth import ClientOrigin
from authsome.vault.seal import Keeper


def keep_registered(
    work: ConnectionWork,
    keeper: Keeper,
    *,
    provider: Provider,
    client: Registered,
    origin: ClientOrigin,
    installation_id: str,
) -> OAuthClient:
    """Seal it, in the place of the one before. For an admin, and for the server that renews it."""
    is_person = work.caller.kind is ActorKind.PRINCIPAL
    admin_id = work.caller.require_admin() if is_person else None
    if not is_person:
        work.caller.require_server()
    draft = draft_client(
        work, keeper, provider=provider, client_id=client.client_id, installation_id=installation_id
    )
    at = work.record(
        ProviderClientRegistered(
            oauth_client_id=draft.id,
            vault_id=draft.vault_id,
            principal_id=admin_id,
            **spoken_of(provider.name),
            origin=origin,
            is_renewal=draft.version > 1,
        )
    )
    known = replace(draft, origin=origin, expires_at=client.expires_at)
    return keep_client(work, keeper, client=known, secret=client.secret, at=at)
