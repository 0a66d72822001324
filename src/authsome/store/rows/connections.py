"""Connections, with their sealed secrets."""

from __future__ import annotations

import builtins
from typing import ClassVar

from sqlalchemy import select

from authsome.connection.model import LIVE, BrokenReason, Connection, ConnectionState, Flow
from authsome.store.rows.rows import Rows
from authsome.store.tables import registry


class Connections(Rows[Connection]):
    """The table `connection`."""

    table, model = registry.connection, Connection
    enums: ClassVar = {"flow": Flow, "state": ConnectionState, "reason": BrokenReason}

    def list_live(self, principal_id: str, *, provider: str | None = None) -> builtins.list[Connection]:
        t = self.table.c
        query = select(self.table).where(
            t.principal_id == principal_id, t.state.in_(state.value for state in LIVE)
        )
        if provider is not None:
            query = query.where(t.provider == provider)
        return self.all(query.order_by(t.provider, t.name))

    def list_shared(self, *, provider: str | None = None) -> builtins.list[Connection]:
        t = self.table.c
        query = select(self.table).where(t.shared_at.is_not(None), t.state.in_(state.value for state in LIVE))
        if provider is not None:
            query = query.where(t.provider == provider)
        return self.all(query.order_by(t.provider, t.name, t.id))

    def list(
        self, *, principal_id: str | None = None, after: str = "", limit: int = 100
    ) -> builtins.list[Connection]:
        query = select(self.table)
        if principal_id is not None:
            query = query.where(self.table.c.principal_id == principal_id)
        return self.page(query, after, limit)
