"""Identities and the claims on them."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import Select, Table, bindparam, func, select

from authsome.claim.model import Claim, ClaimState
from authsome.identity.model import Identity, IdentityState, RetiredKey, spent
from authsome.store.rows.rows import Rows
from authsome.store.tables import registry


class Identities(Rows[Identity]):
    """The table `identity`."""

    table, model = registry.identity, Identity
    enums: ClassVar = {"state": IdentityState}

    def find_by_did(self, did: str) -> Identity | None:
        """Also one that was erased, under what stands for its did."""
        return self.first(_by_did(self.table), did=did, spent=spent(did))

    def find_by_handle(self, handle: str) -> Identity | None:
        return self.find_where("handle", handle)

    def list(
        self, *, principal_id: str | None = None, after: str = "", limit: int = 100
    ) -> builtins.list[Identity]:
        query = select(self.table).where(self.table.c.state != IdentityState.ERASED.value)
        if principal_id is not None:
            query = query.where(self.table.c.principal_id == principal_id)
        return self.page(query, after, limit)

    def count_claimed(self, principal_ids: Sequence[str]) -> dict[str, int]:
        """How many identities are claimed by each of the principals; those without any are left out."""
        t = self.table.c
        query = (
            select(t.principal_id, func.count())
            .where(t.principal_id.in_(principal_ids), t.state == IdentityState.CLAIMED.value)
            .group_by(t.principal_id)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}


class RetiredKeys(Rows[RetiredKey]):
    """The table `retired_key`."""

    table, model = registry.retired_key, RetiredKey

    def find_by_did(self, did: str) -> RetiredKey | None:
        return self.first(_by_did(self.table), did=did, spent=spent(did))


class Claims(Rows[Claim]):
    """The table `claim`."""

    table, model = registry.claim, Claim
    enums: ClassVar = {"state": ClaimState}

    def find_by_token_hash(self, token_hash: str) -> Claim | None:
        return self.find_where("token_hash", token_hash)

    def find_pending(self, identity_id: str) -> Claim | None:
        t = self.table.c
        query = select(self.table).where(t.identity_id == identity_id, t.state == ClaimState.PENDING.value)
        return self.first(query)

    def find_accepted(self, identity_id: str) -> Claim | None:
        t = self.table.c
        query = select(self.table).where(t.identity_id == identity_id, t.state == ClaimState.ACCEPTED.value)
        return self.first(query)

    def list_overdue(self, now: datetime, limit: int) -> builtins.list[Claim]:
        t = self.table.c
        query = select(self.table).where(t.state == ClaimState.PENDING.value, t.expires_at <= now)
        return self.all(query.order_by(t.expires_at).limit(limit))

    def count_pending(self, at_most: int, *, address_key: str | None = None) -> int:
        """How many claims are pending, counted up to `at_most`: no more index entries are looked at."""
        values = {"at_most": at_most} | ({"address_key": address_key} if address_key else {})
        return int(self._connection.execute(_pending(address_key is not None), values).scalar_one())


@cache
def _by_did(table: Table) -> Select[Any]:
    return select(table).where(table.c.did.in_((bindparam("did"), bindparam("spent"))))


@cache
def _pending(by_address: bool) -> Select[int]:
    t = registry.claim.c
    query = select(t.state).where(t.state == ClaimState.PENDING.value)
    if by_address:
        query = query.where(t.address_key == bindparam("address_key"))
    return select(func.count()).select_from(query.limit(bindparam("at_most")).subquery())
