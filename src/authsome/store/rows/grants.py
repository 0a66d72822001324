"""Grants."""

from __future__ import annotations

from sqlalchemy import select

from authsome.grant.model import Grant
from authsome.store.rows.rows import Rows
from authsome.store.tables import registry


class Grants(Rows[Grant]):
    """The table `grant`."""

    table, model = registry.grant, Grant

    def find_live(self, identity_id: str, connection_id: str) -> Grant | None:
        t = self.table.c
        query = select(self.table).where(
            t.identity_id == identity_id, t.connection_id == connection_id, t.ended_at.is_(None)
        )
        return self.first(query)

    def list_live(self, *, identity_id: str | None = None, connection_id: str | None = None) -> list[Grant]:
        t = self.table.c
        query = select(self.table).where(t.ended_at.is_(None))
        if identity_id is not None:
            query = query.where(t.identity_id == identity_id)
        if connection_id is not None:
            query = query.where(t.connection_id == connection_id)
        return self.all(query.order_by(t.id))
