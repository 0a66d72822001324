"""The rows that grant use cases need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from authsome.connection.ports import ConnectionWork
from authsome.grant.model import Grant
from authsome.identity.ports import IdentityWork


class Grants(Protocol):
    """The table of grants."""

    def add(self, grant: Grant) -> None: ...
    def update(self, grant: Grant) -> None: ...
    def find(self, grant_id: str) -> Grant | None: ...
    def find_live(self, identity_id: str, connection_id: str) -> Grant | None: ...
    def find_latest(self, identity_id: str, connection_id: str, *, before: datetime) -> Grant | None: ...
    def list_live(
        self,
        *,
        identity_id: str | None = None,
        connection_id: str | None = None,
        principal_id: str | None = None,
    ) -> list[Grant]: ...
    def count_of_provider(self, provider: str) -> int:
        """How many live grants there are of live connections to a provider."""
        ...

    def count_by_identity(self, identity_ids: Sequence[str], *, now: datetime) -> dict[str, int]: ...
    def count_by_connection(
        self, connection_ids: Sequence[str], *, now: datetime, principal_id: str | None = None
    ) -> dict[str, int]: ...


class GrantWork(ConnectionWork, IdentityWork, Protocol):
    """The slice of a unit of work that grant use cases see."""

    @property
    def grants(self) -> Grants: ...
