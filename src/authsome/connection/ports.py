"""The rows that connection use cases need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from authsome.connection.model import Connection, Flow
from authsome.connection.oauth.client import OAuthClient
from authsome.connection.revocation.model import Revocation
from authsome.provider.ports import ProviderWork
from authsome.vault.ports import VaultWork


class Connections(Protocol):
    """The table of connections."""

    def add(self, connection: Connection) -> None: ...
    def update(self, connection: Connection) -> None: ...
    def find(self, connection_id: str) -> Connection | None: ...
    def list_live(self, principal_id: str, *, provider: str | None = None) -> list[Connection]:
        """A principal's live ones, by provider and name. There are at most `create.MOST_LIVE`."""
        ...

    def list_run_out(self, now: datetime, *, limit: int) -> list[Connection]:
        """Usable ones whose token is over by now and that cannot be renewed."""
        ...

    def list_check_due(self, *, limit: int) -> list[Connection]: ...
    def list_ended(self, principal_id: str, *, limit: int) -> list[Connection]:
        """A principal's ended ones, the latest first."""
        ...

    def list_shared(self, *, provider: str | None = None) -> list[Connection]:
        """The live ones that their owners share. There are at most `arrange.share.MOST_SHARED`."""
        ...

    def list_of_provider(
        self, provider: str, *, flows: frozenset[Flow] | None = None, limit: int
    ) -> list[Connection]:
        """Live ones, whoever's. With `flows`, those made by one of them that are not set aside already."""
        ...

    def tally(self, provider: str, *, flows: frozenset[Flow] | None = None) -> tuple[int, int]:
        """How many `list_of_provider` would list without a limit, and of how many principals they are."""
        ...

    def list(
        self, *, principal_id: str | None = None, after: str = "", limit: int = 100
    ) -> list[Connection]: ...


class OAuthClients(Protocol):
    """The table of the clients that this installation is at providers."""

    def add(self, client: OAuthClient) -> None: ...
    def update(self, client: OAuthClient) -> None: ...
    def remove(self, client_id: str) -> None: ...
    def find_of(self, provider: str) -> OAuthClient | None: ...
    def list(self, *, after: str = "", limit: int = 1_000) -> list[OAuthClient]: ...


class Revocations(Protocol):
    """The table of what providers are asked to take back."""

    def add(self, revocation: Revocation) -> None: ...
    def update(self, revocation: Revocation) -> None: ...
    def find(self, revocation_id: str) -> Revocation | None: ...
    def list_of(self, connection_ids: Sequence[str]) -> list[Revocation]: ...
    def list_pending(self, *, after: str = "", limit: int = 100) -> list[Revocation]: ...


class ConnectionWork(ProviderWork, VaultWork, Protocol):
    """The slice of a unit of work that connection use cases see."""

    @property
    def connections(self) -> Connections: ...
    @property
    def oauth_clients(self) -> OAuthClients: ...
    @property
    def revocations(self) -> Revocations: ...
