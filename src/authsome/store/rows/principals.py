"""Principals, their links and their sessions."""

from __future__ import annotations

import builtins
from datetime import datetime
from typing import ClassVar

from sqlalchemy import func, select

from authsome.principal.model import (
    Invitation,
    LinkKind,
    Principal,
    PrincipalState,
    Role,
    Session,
    SessionKind,
)
from authsome.store.rows.rows import Rows
from authsome.store.tables import registry


class Principals(Rows[Principal]):
    """The table `principal`."""

    table, model = registry.principal, Principal
    enums: ClassVar = {"role": Role, "state": PrincipalState}

    def find_by_email(self, email: str) -> Principal | None:
        return self.find_where("email", email)

    def list(self, *, after: str = "", limit: int = 100) -> builtins.list[Principal]:
        """Everybody but the erased."""
        query = select(self.table).where(self.table.c.state != PrincipalState.ERASED.value)
        return self.page(query, after, limit)

    def exists_any(self) -> bool:
        return self._connection.execute(select(self.table.c.id).limit(1)).first() is not None

    def count_active_admins(self) -> int:
        t = self.table.c
        query = select(func.count()).where(t.role == Role.ADMIN.value, t.state == PrincipalState.ACTIVE.value)
        return int(self._connection.execute(query).scalar_one())


class Invitations(Rows[Invitation]):
    """The table `invitation`: one-time links of all kinds."""

    table, model = registry.invitation, Invitation
    enums: ClassVar = {"kind": LinkKind, "role": Role}

    def find_by_token_hash(self, token_hash: str) -> Invitation | None:
        return self.find_where("token_hash", token_hash)

    def list_open(self, kind: LinkKind, now: datetime) -> list[Invitation]:
        t = self.table.c
        query = select(self.table).where(t.kind == kind.value, t.used_at.is_(None), t.expires_at > now)
        return self.all(query.order_by(t.id))

    def mark_used(self, invitation_id: str, at: datetime) -> None:
        self.set(invitation_id, used_at=at)


class Sessions(Rows[Session]):
    """The table `browser_session`: browsers and terminals."""

    table, model = registry.browser_session, Session
    enums: ClassVar = {"kind": SessionKind}

    def find_by_token_hash(self, token_hash: str) -> Session | None:
        return self.find_where("token_hash", token_hash)

    def find_by_did(self, did: str) -> Session | None:
        return self.find_where("did", did)

    def list_live(self, principal_id: str, now: datetime) -> list[Session]:
        t = self.table.c
        query = select(self.table).where(
            t.principal_id == principal_id, t.ended_at.is_(None), t.expires_at > now
        )
        return self.all(query)

    def end(self, session_id: str, at: datetime) -> None:
        self.set(session_id, ended_at=at)
