"""Vaults."""

from __future__ import annotations

from sqlalchemy import select

from authsome.store.rows.rows import Rows
from authsome.store.tables import registry
from authsome.vault.model import Vault


class Vaults(Rows[Vault]):
    """The table `vault`."""

    table, model = registry.vault, Vault

    def find_of(self, principal_id: str) -> Vault | None:
        return self.first(select(self.table).where(self.table.c.principal_id == principal_id))

    def find_foreign(self, key_id: str) -> Vault | None:
        return self.first(select(self.table).where(self.table.c.key_id != key_id).limit(1))
