"""The rows that access requests need."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from authsome.grant.access.model import AccessRequest
from authsome.grant.ports import GrantWork


class AccessRequests(Protocol):
    """The table of access requests."""

    def add(self, request: AccessRequest) -> None: ...
    def update(self, request: AccessRequest) -> None: ...
    def find(self, request_id: str) -> AccessRequest | None: ...
    def list_since(self, identity_id: str, since: datetime) -> list[AccessRequest]:
        """What an identity has asked for since then, decided or not. Twenty a day at most."""
        ...

    def list_undecided(self, principal_id: str, now: datetime) -> list[AccessRequest]:
        """What a principal was asked and has not decided in time, whoever has the identity by now."""
        ...


class AccessWork(GrantWork, Protocol):
    """The slice of a unit of work that use cases of access requests see."""

    @property
    def access_requests(self) -> AccessRequests: ...
