"""The rows that auth session use cases need."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from authsome.auth_session.model import AuthSession
from authsome.connection.ports import ConnectionWork
from authsome.identity.ports import IdentityWork


class AuthSessions(Protocol):
    """The table of auth sessions."""

    def add(self, session: AuthSession) -> None: ...
    def update(self, session: AuthSession) -> None: ...
    def find(self, session_id: str) -> AuthSession | None: ...
    def find_by_token_hash(self, token_hash: str) -> AuthSession | None: ...
    def count_open(self, principal_id: str, now: datetime) -> int: ...
    def list_open_of(self, identity_id: str, principal_id: str) -> list[AuthSession]: ...
    def list_overdue(self, now: datetime, limit: int) -> list[AuthSession]: ...
    def list(
        self, *, principal_id: str | None = None, after: str = "", limit: int = 100
    ) -> list[AuthSession]: ...


class AuthSessionWork(ConnectionWork, IdentityWork, Protocol):
    """The slice of a unit of work that auth session use cases see."""

    @property
    def auth_sessions(self) -> AuthSessions: ...
