"""Identities and the keys that they had."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from authsome.analytics.rows.trace import Past, Restored, Trace
from authsome.claim.events import IdentityRevoked
from authsome.identity.events import IdentityKeyRotated, IdentityRegistered
from authsome.identity.model import IdentityState
from authsome.store.tables.registry import claim, identity, retired_key


def _registered(past: Past, row: Row[Any]) -> Restored | None:
    own = select(claim).where(claim.c.identity_id == row.id).order_by(claim.c.created_at, claim.c.id)
    first = past.view.connection.execute(own.limit(1)).first()
    if first is None:
        return None
    event = IdentityRegistered(
        identity_id=row.id,
        identity_handle=row.handle,
        did=past.did(row, row.created_at),
        claim_id=first.id,
        label=row.label,
    )
    return Restored(event=event, at=row.created_at, by=past.server)


def _revoked(past: Past, row: Row[Any]) -> Restored:
    event = IdentityRevoked(
        identity_id=row.id,
        identity_handle=row.handle,
        did=past.did(row, row.ended_at),
        principal_id=row.principal_id,
    )
    return Restored(event=event, at=row.ended_at, by=past.by_principal(row.principal_id))


def _key_rotated(past: Past, row: Row[Any]) -> Restored | None:
    agent = past.agent(row.identity_id, row.created_at)
    holder = past.holder(row.identity_id, row.created_at)
    if agent is None or holder is None:
        return None
    event = IdentityKeyRotated(
        retired_key_id=row.id,
        identity_id=row.identity_id,
        **agent,
        previous_did=row.did,
        principal_id=holder,
    )
    by = past.by_agent({**agent, "did": row.did})
    return Restored(event=event, at=row.created_at, by=by)


TRACES = (
    Trace(event=IdentityRegistered, table=identity, at="created_at", restore=_registered),
    Trace(
        event=IdentityRevoked,
        table=identity,
        at="ended_at",
        where=identity.c.state.in_((IdentityState.REVOKED.value, IdentityState.ERASED.value)),
        restore=_revoked,
    ),
    Trace(event=IdentityKeyRotated, table=retired_key, at="created_at", restore=_key_rotated),
)
