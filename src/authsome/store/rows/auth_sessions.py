"""Auth sessions."""

from __future__ import annotations

import builtins
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Row, func, select

from authsome.auth_session.model import OPEN, AuthSession, AuthSessionState, FailureReason
from authsome.connection.model import Flow
from authsome.store.rows.rows import Rows
from authsome.store.tables import registry

_OPEN = sorted(state.value for state in OPEN)


class AuthSessions(Rows[AuthSession]):
    """The table `auth_session`."""

    table, model = registry.auth_session, AuthSession
    enums: ClassVar = {"flow": Flow, "state": AuthSessionState, "reason": FailureReason}

    def from_row(self, row: Row[Any]) -> AuthSession:
        session = super().from_row(row)
        return replace(session, scopes=tuple(session.scopes or ()))

    def find_by_token_hash(self, token_hash: str) -> AuthSession | None:
        return self.first(select(self.table).where(self.table.c.token_hash == token_hash))

    def find_by_state_hash(self, state_hash: str) -> AuthSession | None:
        return self.find_where("state_hash", state_hash)

    def count_open(self, principal_id: str, now: datetime) -> int:
        t = self.table.c
        query = select(func.count()).where(
            t.principal_id == principal_id, t.state.in_(_OPEN), t.expires_at > now
        )
        return int(self._connection.execute(query).scalar_one())

    def list_open_of(self, identity_id: str, principal_id: str) -> builtins.list[AuthSession]:
        t = self.table.c
        query = select(self.table).where(
            t.principal_id == principal_id,
            t.state.in_(_OPEN),
            t.identity_id == identity_id,
        )
        return self.all(query.order_by(t.id))

    def list_open_for(self, principal_id: str) -> builtins.list[AuthSession]:
        t = self.table.c
        query = select(self.table).where(t.principal_id == principal_id, t.state.in_(_OPEN))
        return self.all(query.order_by(t.id))

    def list_open_to(self, provider: str, *, limit: int) -> builtins.list[AuthSession]:
        t = self.table.c
        query = select(self.table).where(t.state.in_(_OPEN), t.provider == provider)
        return self.all(query.order_by(t.id).limit(limit))

    def list_devices_waiting(self, now: datetime, limit: int) -> builtins.list[AuthSession]:
        t = self.table.c
        query = select(self.table).where(
            t.state == AuthSessionState.WAITING.value, t.expires_at > now, t.flow == Flow.DEVICE_CODE.value
        )
        return self.all(query.order_by(t.expires_at).limit(limit))

    def list_overdue(self, now: datetime, limit: int) -> builtins.list[AuthSession]:
        t = self.table.c
        query = select(self.table).where(t.state.in_(_OPEN), t.expires_at <= now)
        return self.all(query.order_by(t.expires_at).limit(limit))

    def list(
        self, *, principal_id: str | None = None, after: str = "", limit: int = 100
    ) -> builtins.list[AuthSession]:
        query = select(self.table)
        if principal_id is not None:
            query = query.where(self.table.c.principal_id == principal_id)
        return self.page(query, after, limit)
