"""Find the OAuth client of a provider, and open its secret for a request to it."""

from __future__ import annotations

from authsome.connection.errors import OAuthClientMissing
from authsome.connection.oauth.client import Credentials, OAuthClient
from authsome.connection.ports import ConnectionWork
from authsome.provider.find import get_provider
from authsome.provider.model import Provider
from authsome.vault.errors import SealBroken
from authsome.vault.seal import Keeper


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
