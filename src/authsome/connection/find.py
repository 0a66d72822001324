"""Find a principal's connection by what they wrote, and open its secret for a request."""

from __future__ import annotations

from authsome.connection.errors import (
    ConnectionEnded,
    ConnectionMissing,
    ConnectionUnclear,
    NeedsReconnection,
)
from authsome.connection.keys import read_sealed
from authsome.connection.model import BROKEN_WORDS, BrokenReason, Connection, Flow
from authsome.connection.oauth.tokens import Tokens, read_tokens
from authsome.connection.ports import ConnectionWork
from authsome.kit.secret import Secret
from authsome.provider.model import ACCESS_TOKEN, Provider
from authsome.vault.errors import SealBroken
from authsome.vault.seal import Keeper

LONGEST_REFERENCE = 100


def resolve(view: ConnectionWork, *, principal_id: str, reference: str) -> Connection:
    """The live connection that `con_…`, `provider` or `provider/name` means to this principal.

    A provider alone means its only connection, or its default. Raises `ConnectionMissing` or
    `ConnectionUnclear`.
    """
    provider, slash, name = reference[:LONGEST_REFERENCE].partition("/")
    live = view.connections.list_live(principal_id)
    of_provider = [connection for connection in live if connection.provider == provider]
    if slash:
        found = [connection for connection in of_provider if connection.name == name]
    elif len(of_provider) > 1:
        found = [connection for connection in of_provider if connection.is_default] or of_provider
    else:
        found = of_provider or [connection for connection in live if connection.id == reference]
    if not found:
        raise ConnectionMissing
    if len(found) > 1:
        raise ConnectionUnclear
    return found[0]


def open_values(
    view: ConnectionWork, keeper: Keeper, *, connection: Connection, provider: Provider
) -> dict[str, Secret]:
    """The SECRETS by the names that the provider's injection has for them, for the request that is about to
    carry them and for nobody to look at.

    Whether that request may have them is decided before, by `grant.decide`. Raises `ConnectionEnded`,
    `NeedsReconnection`, `SealBroken`, `KeyOutdated` or `TokensUnreadable`.
    """
    if connection.flow is Flow.API_KEY:
        return read_sealed(provider, open_secret(view, keeper, connection=connection))
    return {ACCESS_TOKEN: open_secret(view, keeper, connection=connection)}


def open_secret(view: ConnectionWork, keeper: Keeper, *, connection: Connection) -> Secret:
    """The SECRET text itself: a key as it was sealed, or the access token. Raises as above."""
    check_usable(connection)
    if connection.flow is Flow.API_KEY:
        return open_sealed(view, keeper, connection=connection)
    return open_tokens(view, keeper, connection=connection).access


def open_tokens(view: ConnectionWork, keeper: Keeper, *, connection: Connection) -> Tokens:
    """All SECRETS of a connection that was made by OAuth, for whoever renews them. Raises as above."""
    return read_tokens(open_sealed(view, keeper, connection=connection))


def check_usable(connection: Connection) -> None:
    """Raises `ConnectionEnded`, or `NeedsReconnection` with the reason in words."""
    if not connection.is_live:
        raise ConnectionEnded
    if connection.reason is not None:
        raise needs_reconnection(connection, connection.reason)


def needs_reconnection(connection: Connection, reason: BrokenReason) -> NeedsReconnection:
    """What is said of a broken connection, with the command that mends it."""
    return NeedsReconnection(
        f"{connection.reference} must be connected again: {BROKEN_WORDS[reason]}",
        hint=f"run `authsome login {connection.provider} --connection {connection.name}`"
        " and open the page it prints",
    )


def open_sealed(view: ConnectionWork, keeper: Keeper, *, connection: Connection) -> Secret:
    """The SECRET text as it was sealed, whatever it is. Raises `ConnectionEnded` or `SealBroken`."""
    vault = view.vaults.find(connection.vault_id)
    if connection.sealed is None:
        raise ConnectionEnded
    if vault is None or vault.principal_id != connection.principal_id:
        raise SealBroken
    return keeper.open(vault, connection.place, connection.sealed)
