"""The rows that connection use cases need."""

from __future__ import annotations

from typing import Protocol

from authsome.connection.model import Connection
from authsome.provider.ports import ProviderWork
from authsome.vault.ports import VaultWork


class Connections(Protocol):
    """The table of connections."""

    def add(self, connection: Connection) -> None: ...
    def update(self, connection: Connection) -> None: ...
    def find(self, connection_id: str) -> Connection | None: ...
    def list_live(self, principal_id: str) -> list[Connection]:
        """A principal's connected ones, by provider and name. There are at most `create.MOST_LIVE`."""
        ...

    def list(
        self, *, principal_id: str | None = None, after: str = "", limit: int = 100
    ) -> list[Connection]: ...


class ConnectionWork(ProviderWork, VaultWork, Protocol):
    """The slice of a unit of work that connection use cases see."""

    @property
    def connections(self) -> Connections: ...
