"""The rows that vault use cases need."""

from __future__ import annotations

from typing import Protocol

from authsome.kit.work import Work
from authsome.vault.model import Vault


class Vaults(Protocol):
    """The table of vaults."""

    def add(self, vault: Vault) -> None: ...
    def find(self, vault_id: str) -> Vault | None: ...
    def find_of(self, principal_id: str) -> Vault | None: ...
    def find_foreign(self, key_id: str) -> Vault | None:
        """Some vault that is wrapped by another key than `key_id`."""
        ...


class VaultWork(Work, Protocol):
    """The slice of a unit of work that vault use cases see."""

    @property
    def vaults(self) -> Vaults: ...
