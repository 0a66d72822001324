"""What providers are asked to take back."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import ClassVar

from sqlalchemy import select

from authsome.connection.revocation.model import Revocation, RevocationOutcome
from authsome.store.rows.rows import Rows
from authsome.store.tables import registry


class Revocations(Rows[Revocation]):
    """The table `revocation`."""

    table, model = registry.revocation, Revocation
    enums: ClassVar = {"outcome": RevocationOutcome}

    def list_pending(self, *, after: str = "", limit: int = 100) -> builtins.list[Revocation]:
        return self.page(select(self.table).where(self.table.c.ended_at.is_(None)), after, limit)

    def list_of(self, connection_ids: Sequence[str]) -> builtins.list[Revocation]:
        """Those of the connections; one has one at most."""
        return self.all(select(self.table).where(self.table.c.connection_id.in_(connection_ids)))
