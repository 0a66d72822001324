"""The rows that claim use cases need."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from authsome.auth_session.ports import AuthSessionWork
from authsome.claim.model import Claim
from authsome.grant.ports import GrantWork
from authsome.identity.ports import IdentityWork
from authsome.principal.ports import Sessions
from authsome.run.ports import RunWork


class Claims(Protocol):
    """The table of claims."""

    def add(self, claim: Claim) -> None: ...
    def update(self, claim: Claim) -> None: ...
    def find(self, claim_id: str) -> Claim | None: ...
    def find_by_token_hash(self, token_hash: str) -> Claim | None: ...
    def find_pending(self, identity_id: str) -> Claim | None: ...
    def find_accepted(self, identity_id: str) -> Claim | None: ...
    def list_overdue(self, now: datetime, limit: int) -> list[Claim]: ...
    def count_pending(self, at_most: int, *, address_key: str | None = None) -> int: ...


class ClaimWork(GrantWork, IdentityWork, Protocol):
    """The slice of a unit of work that claim use cases see."""

    @property
    def claims(self) -> Claims: ...
    @property
    def sessions(self) -> Sessions: ...


class WithdrawalWork(ClaimWork, RunWork, AuthSessionWork, Protocol):
    """The slice that ending an identity's claim sees: all that the identity had ends with it."""
