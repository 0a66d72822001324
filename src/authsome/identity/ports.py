"""The rows that identity use cases need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from authsome.identity.model import Identity, RetiredKey
from authsome.kit.work import Work


class Identities(Protocol):
    """The table of identities."""

    def add(self, identity: Identity) -> None: ...
    def update(self, identity: Identity) -> None: ...
    def find(self, identity_id: str) -> Identity | None: ...
    def find_by_did(self, did: str) -> Identity | None: ...
    def find_by_handle(self, handle: str) -> Identity | None: ...
    def list(
        self, *, principal_id: str | None = None, after: str = "", limit: int = 100
    ) -> list[Identity]: ...
    def count_claimed(self, principal_ids: Sequence[str]) -> dict[str, int]: ...


class RetiredKeys(Protocol):
    """The table of keys that were replaced."""

    def add(self, key: RetiredKey) -> None: ...
    def find_by_did(self, did: str) -> RetiredKey | None: ...


class IdentityWork(Work, Protocol):
    """The slice of a unit of work that identity use cases see."""

    @property
    def identities(self) -> Identities: ...
    @property
    def retired_keys(self) -> RetiredKeys: ...

    def random(self, count: int) -> bytes: ...
