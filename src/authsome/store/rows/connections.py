"""Connections, with their sealed secrets."""

from __future__ import annotations

import builtins
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Row, func, select

from authsome.connection.arrange.share import MOST_SHARED
from authsome.connection.checking.model import CheckOutcome
from authsome.connection.model import LIVE, BrokenReason, Connection, ConnectionState, Flow
from authsome.store.rows.rows import Rows
from authsome.store.tables import registry


class Connections(Rows[Connection]):
    """The table `connection`."""

    table, model = registry.connection, Connection
    enums: ClassVar = {
        "flow": Flow,
        "state": ConnectionState,
        "reason": BrokenReason,
        "check_outcome": CheckOutcome,
    }

    def from_row(self, row: Row[Any]) -> Connection:
        one = super().from_row(row)
        asked, held = tuple(one.scopes_asked or ()), tuple(one.scopes_held or ())
        return replace(one, scopes_asked=asked, scopes_held=held)

    def list_live(self, principal_id: str, *, provider: str | None = None) -> builtins.list[Connection]:
        t = self.table.c
        query = select(self.table).where(
            t.principal_id == principal_id, t.state.in_(state.value for state in LIVE)
        )
        if provider is not None:
            query = query.where(t.provider == provider)
        return self.all(query.order_by(t.provider, t.name))

    def list_run_out(self, now: datetime, *, limit: int) -> builtins.list[Connection]:
        t = self.table.c
        query = select(self.table).where(
            t.state == ConnectionState.CONNECTED.value, t.is_refreshable.is_(False), t.expires_at <= now
        )
        return self.all(query.order_by(t.expires_at).limit(limit))

    def list_check_due(self, *, limit: int) -> builtins.list[Connection]:
        """By the index of the few, as `list_shared`."""
        t = self.table.c
        query = select(self.table).where(t.check_due).order_by(t.id).limit(limit)
        return [one for one in self.all(query) if one.is_usable]

    def list_ended(self, principal_id: str, *, limit: int) -> builtins.list[Connection]:
        t = self.table.c
        query = select(self.table).where(t.principal_id == principal_id, t.ended_at.is_not(None))
        return self.all(query.order_by(t.ended_at.desc()).limit(limit))

    def list_shared(self, *, provider: str | None = None) -> builtins.list[Connection]:
        """By the index of the few, whatever a database believes of the table: beside another condition SQLite
        takes the other's index, and without an order and a bound PostgreSQL, before its first ANALYZE, none.
        """
        t = self.table.c
        query = select(self.table).where(t.shared_at.is_not(None)).order_by(t.shared_at)
        shared = self.all(query.limit(MOST_SHARED))
        wanted = [one for one in shared if one.is_live and provider in (None, one.provider)]
        return sorted(wanted, key=lambda one: (one.provider, one.name, one.id))

    def list_of_provider(
        self, provider: str, *, flows: frozenset[Flow] | None = None, limit: int
    ) -> builtins.list[Connection]:
        query = select(self.table).where(*self._of_provider(provider, flows))
        return self.all(query.order_by(self.table.c.id).limit(limit))

    def tally(self, provider: str, *, flows: frozenset[Flow] | None = None) -> tuple[int, int]:
        t = self.table.c
        query = select(func.count(), func.count(t.principal_id.distinct()))
        row = self._connection.execute(query.where(*self._of_provider(provider, flows))).one()
        return row[0], row[1]

    def _of_provider(
        self, provider: str, flows: frozenset[Flow] | None
    ) -> builtins.list[ColumnElement[bool]]:
        t = self.table.c
        live = [t.provider == provider, t.state.in_(state.value for state in LIVE)]
        if flows is None:
            return live
        aside = func.coalesce(t.reason, "") == BrokenReason.PROVIDER_CHANGED.value
        return [*live, t.flow.in_(flow.value for flow in flows), ~aside]

    def list(
        self, *, principal_id: str | None = None, after: str = "", limit: int = 100
    ) -> builtins.list[Connection]:
        query = select(self.table)
        if principal_id is not None:
            query = query.where(self.table.c.principal_id == principal_id)
        return self.page(query, after, limit)
