"""Grants, and what identities ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, func, select

from authsome.connection.model import LIVE
from authsome.grant.access.model import AccessRequest, AccessState
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

    def find_latest(self, identity_id: str, connection_id: str, *, before: datetime) -> Grant | None:
        """The last that was given before then, whether it ended since or not."""
        t = self.table.c
        query = select(self.table).where(
            t.identity_id == identity_id, t.connection_id == connection_id, t.created_at < before
        )
        return self.first(query.order_by(t.id.desc()).limit(1))

    def list_live(
        self,
        *,
        identity_id: str | None = None,
        connection_id: str | None = None,
        principal_id: str | None = None,
    ) -> list[Grant]:
        t = self.table.c
        query = select(self.table).where(t.ended_at.is_(None))
        if identity_id is not None:
            query = query.where(t.identity_id == identity_id)
        if connection_id is not None:
            query = query.where(t.connection_id == connection_id)
        if principal_id is not None:
            query = query.where(t.principal_id == principal_id)
        return self.all(query.order_by(t.id))

    def count_of_provider(self, provider: str) -> int:
        t, of = self.table.c, registry.connection.c
        live = (of.state.in_(state.value for state in LIVE), of.provider == provider, t.ended_at.is_(None))
        query = select(func.count()).join_from(self.table, registry.connection, of.id == t.connection_id)
        return int(self._connection.execute(query.where(*live)).scalar_one())

    def count_by_identity(self, identity_ids: Sequence[str], *, now: datetime) -> dict[str, int]:
        """How many live connections each of the identities may use; those without any are left out."""
        return self._count(self.table.c.identity_id, identity_ids, now)

    def count_by_connection(
        self, connection_ids: Sequence[str], *, now: datetime, principal_id: str | None = None
    ) -> dict[str, int]:
        """How many identities may use each of the connections, of one principal or of all.

        Those without any are left out.
        """
        return self._count(self.table.c.connection_id, connection_ids, now, principal_id)

    def _count(
        self, column: Column[Any], ids: Sequence[str], now: datetime, principal_id: str | None = None
    ) -> dict[str, int]:
        t, of = self.table.c, registry.connection
        holds = t.ended_at.is_(None) & (t.expires_at.is_(None) | (t.expires_at > now))
        query = (
            select(column, func.count())
            .join_from(self.table, of, of.c.id == t.connection_id)
            .where(column.in_(ids), holds, of.c.state.in_(state.value for state in LIVE))
            .group_by(column)
        )
        if principal_id is not None:
            query = query.where(t.principal_id == principal_id)
        return {row[0]: row[1] for row in self._connection.execute(query)}


class AccessRequests(Rows[AccessRequest]):
    """The table `access_request`."""

    table, model = registry.access_request, AccessRequest
    enums: ClassVar = {"state": AccessState}

    def list_since(self, identity_id: str, since: datetime) -> list[AccessRequest]:
        t = self.table.c
        query = select(self.table).where(t.identity_id == identity_id, t.created_at > since)
        return self.all(query.order_by(t.id))

    def list_undecided(self, principal_id: str, now: datetime) -> list[AccessRequest]:
        t = self.table.c
        query = select(self.table).where(
            t.principal_id == principal_id, t.state == AccessState.OPEN.value, t.expires_at > now
        )
        return self.all(query.order_by(t.id))
