"""What becomes of a connection when a new token was asked for. Whoever asks is `renew.py`.

Each is a compare-and-swap on the connection's version: an answer to an older question changes nothing that
was connected anew, ended or renewed meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from authsome.connection.events import (
    ConnectionExpired,
    ConnectionMarkedBroken,
    ConnectionMended,
    ConnectionReauthorized,
    ConnectionRefreshed,
    ConnectionRefreshFailed,
)
from authsome.connection.model import BrokenReason, Connection, ConnectionState, Flow
from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.oauth.tokens import Life, Tokens
from authsome.connection.ports import ConnectionWork
from authsome.kit.secret import Secret
from authsome.provider.catalogue import spoken_of
from authsome.provider.errors import ProviderMissing
from authsome.provider.find import get_provider
from authsome.vault.errors import SealBroken
from authsome.vault.model import Place
from authsome.vault.seal import Keeper

BREAKS = {
    RefreshFailure.REFUSED: BrokenReason.REFRESH_REFUSED,
    RefreshFailure.INTERRUPTED: BrokenReason.REFRESH_INTERRUPTED,
    # Tokens are bound to the client that they were given to (RFC 6749 §6).
    RefreshFailure.CLIENT_REPLACED: BrokenReason.REFRESH_REFUSED,
}


def record_refreshed(
    work: ConnectionWork, keeper: Keeper, *, connection_id: str, version: int, tokens: Tokens, life: Life
) -> Connection | None:
    """Seal the new tokens in the place of version `version`; None where that is not there any more.

    A connection that was given up while its answer was on the way comes back by it.
    """
    connection = _at_version(work, connection_id, version)
    if connection is None:
        return None
    work.record(ConnectionRefreshed(**about(connection)))
    held = replace(connection, scopes_held=tokens.scopes)
    return replace_secret(work, keeper, held, secret=tokens.text(), life=life)


def record_refresh_failed(
    work: ConnectionWork, *, connection_id: str, version: int, reason: RefreshFailure
) -> Connection | None:
    """Say that no token came; where none can come any more, the connection is broken by the same act."""
    connection = _at_version(work, connection_id, version)
    if connection is None or not connection.is_usable:
        return None
    work.record(ConnectionRefreshFailed(**about(connection), reason=reason))
    if reason in BREAKS:
        return mark_broken(work, connection_id=connection_id, version=version, reason=BREAKS[reason])
    return connection


def mark_broken(
    work: ConnectionWork, *, connection_id: str, version: int, reason: BrokenReason
) -> Connection | None:
    """Take a connection out of use until its principal connects it again. Its grants are kept."""
    connection = _at_version(work, connection_id, version)
    if connection is None or not connection.is_usable:
        return None
    if reason is BrokenReason.EXPIRED:
        work.record(ConnectionExpired(**about(connection)))
    work.record(ConnectionMarkedBroken(**about(connection), reason=reason))
    broken = replace(connection, state=ConnectionState.NEEDS_RECONNECTION, reason=reason)
    work.connections.update(broken)
    return broken


def reauthorize(
    work: ConnectionWork, keeper: Keeper, *, connection: Connection, tokens: Tokens, life: Life
) -> Connection:
    """Put what the provider gave by its page in the place of what was sealed, whatever state that was in."""
    work.record(ConnectionReauthorized(**about(connection)))
    scoped = asked_anew(work, replace(connection, scopes_asked=tokens.asked, scopes_held=tokens.scopes))
    return replace_secret(work, keeper, scoped, secret=tokens.text(), life=life)


def asked_anew(view: ConnectionWork, connection: Connection) -> Connection:
    """Another account's secret may come: whose it is has to be asked again, where the provider can say."""
    is_due = connection.flow is not Flow.API_KEY and _can_be_asked(view, connection.provider)
    return replace(connection, holder=None, check_due=is_due, check_outcome=None, checked_at=None)


def _can_be_asked(view: ConnectionWork, provider: str) -> bool:
    try:
        return get_provider(view, provider).check is not None
    except ProviderMissing:
        return False


def about(connection: Connection) -> dict[str, Any]:
    """The fields that the events about getting tokens share."""
    return named(connection) | {"flow": connection.flow}


def named(connection: Connection) -> dict[str, Any]:
    """The fields that all events about a connection share."""
    return {
        "connection_id": connection.id,
        "principal_id": connection.principal_id,
        **spoken_of(connection.provider),
    }


def _at_version(view: ConnectionWork, connection_id: str, version: int) -> Connection | None:
    connection = view.connections.find(connection_id)
    if connection is None or not connection.is_live or connection.version != version:
        return None
    if connection.reason is BrokenReason.PROVIDER_CHANGED:  # its principal has to say where it may go
        return None
    return connection if connection.flow is not Flow.API_KEY else None


def record_mended(work: ConnectionWork, connection: Connection) -> None:
    """Before it is connected anew or ends, of one that needs its principal."""
    if connection.state is ConnectionState.NEEDS_RECONNECTION:
        work.record(ConnectionMended(**named(connection)))


def replace_secret(
    work: ConnectionWork, keeper: Keeper, connection: Connection, *, secret: Secret, life: Life
) -> Connection:
    """Seal another secret in the place of the one before. The caller has recorded the event that says so."""
    record_mended(work, connection)
    vault = work.vaults.find(connection.vault_id)
    if vault is None:
        raise SealBroken
    version = connection.version + 1
    renewed = replace(
        connection,
        state=ConnectionState.CONNECTED,
        reason=None,
        version=version,
        sealed=keeper.seal(vault, Place("connection", connection.id, version), secret),
        expires_at=life.expires_at,
        refresh_at=life.refresh_at,
        is_refreshable=life.is_refreshable,
    )
    work.connections.update(renewed)
    return renewed
