"""What revoking a connection leaves to do: its tokens, put aside for the question to their provider."""

from __future__ import annotations

from dataclasses import replace

from authsome.connection.errors import TokensUnreadable
from authsome.connection.events import ConnectionRevocationEnded
from authsome.connection.find import open_tokens
from authsome.connection.model import Connection, Flow
from authsome.connection.oauth.open_client import find_client
from authsome.connection.ports import ConnectionWork
from authsome.connection.revocation.model import Revocation, RevocationOutcome
from authsome.provider.catalogue import spoken_of
from authsome.provider.errors import ProviderMissing
from authsome.provider.find import get_provider
from authsome.vault.errors import InstallationKeyWrong, SealBroken
from authsome.vault.seal import Keeper


def draft_revocation(work: ConnectionWork, keeper: Keeper, connection: Connection) -> Revocation | None:
    """What is to be asked of the provider, or None where there is nothing or nobody to ask.

    Tokens that cannot be opened cannot be shown to anybody either, and must not keep a connection alive.
    """
    if connection.flow is Flow.API_KEY:
        return None
    try:
        provider = get_provider(work, connection.provider)
    except ProviderMissing:
        return None
    client = find_client(work, provider)
    vault = work.vaults.find(client.vault_id) if client else None
    if provider.oauth is None or provider.oauth.revocation_url is None or vault is None:
        return None
    draft = Revocation(
        id=work.new_id("rvk"),
        connection_id=connection.id,
        provider=connection.provider,
        vault_id=vault.id,
        created_at=work.now,
    )
    try:
        tokens = open_tokens(work, keeper, connection=connection)
        return replace(draft, sealed=keeper.seal(vault, draft.place, tokens.text()))
    except (SealBroken, InstallationKeyWrong, TokensUnreadable):
        return None


def end_revocation(work: ConnectionWork, *, revocation_id: str, outcome: RevocationOutcome) -> None:
    """Say what came of it, and destroy the tokens. The second of two that end it at once changes nothing."""
    revocation = work.revocations.find(revocation_id)
    connection = work.connections.find(revocation.connection_id) if revocation else None
    if revocation is None or connection is None or revocation.ended_at is not None:
        return
    at = work.record(
        ConnectionRevocationEnded(
            revocation_id=revocation.id,
            connection_id=connection.id,
            principal_id=connection.principal_id,
            **spoken_of(revocation.provider),
            outcome=outcome,
        )
    )
    work.revocations.update(replace(revocation, sealed=None, ended_at=at, outcome=outcome))
