"""Runs."""

from __future__ import annotations

import builtins
from datetime import datetime
from typing import ClassVar

from sqlalchemy import func, select

from authsome.run.model import Run, RunOutcome
from authsome.store.rows.rows import Rows
from authsome.store.tables import registry


class Runs(Rows[Run]):
    """The table `run`."""

    table, model = registry.run, Run
    enums: ClassVar = {"outcome": RunOutcome}

    def find_by_token_hash(self, token_hash: str) -> Run | None:
        return self.find_where("token_hash", token_hash)

    def count_live(self, identity_id: str) -> int:
        t = self.table.c
        query = select(func.count()).where(t.identity_id == identity_id, t.ended_at.is_(None))
        return int(self._connection.execute(query).scalar_one())

    def list_live_of(self, identity_id: str) -> builtins.list[Run]:
        t = self.table.c
        query = select(self.table).where(t.identity_id == identity_id, t.ended_at.is_(None))
        return self.all(query.order_by(t.id))

    def list_live(self, *, begun_before: datetime, after: str = "", limit: int = 100) -> builtins.list[Run]:
        t = self.table.c
        query = select(self.table).where(t.ended_at.is_(None), t.created_at < begun_before)
        return self.page(query, after, limit)

    def list(
        self, *, principal_id: str | None = None, after: str = "", limit: int = 100
    ) -> builtins.list[Run]:
        query = select(self.table)
        if principal_id is not None:
            query = query.where(self.table.c.principal_id == principal_id)
        return self.page(query, after, limit)
