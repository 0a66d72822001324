"""Claims: asked for again, opened, decided, expired, released."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from authsome.analytics.rows.trace import ONE_COMMIT, Past, Restored, Trace
from authsome.claim.events import (
    IdentityClaimed,
    IdentityClaimExpired,
    IdentityClaimOpened,
    IdentityClaimRejected,
    IdentityClaimRenewed,
    IdentityReleased,
)
from authsome.claim.model import ClaimState
from authsome.kit.clock import MICROSECOND
from authsome.store.tables.registry import claim, grant, identity


def _renewed(past: Past, row: Row[Any]) -> Restored | None:
    agent = past.agent(row.identity_id, row.created_at)
    if agent is None:
        return None
    event = IdentityClaimRenewed(claim_id=row.id, identity_id=row.identity_id, **agent)
    return Restored(event=event, at=row.created_at, by=past.server)


def _opened(past: Past, row: Row[Any]) -> Restored | None:
    agent = past.agent(row.identity_id, row.opened_at)
    if agent is None or row.opened_by is None:
        return None
    event = IdentityClaimOpened(claim_id=row.id, principal_id=row.opened_by, **agent)
    return Restored(event=event, at=row.opened_at, by=past.by_principal(row.opened_by))


def _claimed(past: Past, row: Row[Any]) -> Restored | None:
    agent = past.agent(row.identity_id, row.ended_at)
    if agent is None or row.decided_by is None:
        return None
    event = IdentityClaimed(
        claim_id=row.id,
        identity_id=row.identity_id,
        principal_id=row.decided_by,
        connections_granted=_granted_with(past, row.identity_id, row.ended_at),
        **agent,
    )
    return Restored(event=event, at=row.ended_at, by=past.by_principal(row.decided_by))


def _granted_with(past: Past, identity_id: str, at: datetime) -> int:
    """How many grants the claim's own unit of work made: each a microsecond behind the one before."""
    t = grant.c
    query = select(t.created_at).where(
        t.identity_id == identity_id, t.created_at > at, t.created_at <= at + ONE_COMMIT
    )
    count = 0
    for moment in past.view.connection.execute(query.order_by(t.created_at)).scalars():
        if moment != at + (count + 1) * MICROSECOND:
            break
        count += 1
    return count


def _rejected(past: Past, row: Row[Any]) -> Restored | None:
    agent = past.agent(row.identity_id, row.ended_at)
    if agent is None or row.decided_by is None:
        return None
    event = IdentityClaimRejected(
        claim_id=row.id, identity_id=row.identity_id, principal_id=row.decided_by, **agent
    )
    return Restored(event=event, at=row.ended_at, by=past.by_principal(row.decided_by))


def _expired(past: Past, row: Row[Any]) -> Restored | None:
    agent = past.agent(row.identity_id, row.ended_at)
    if agent is None:
        return None
    event = IdentityClaimExpired(claim_id=row.id, **agent)
    return Restored(event=event, at=row.ended_at, by=past.server)


def _released(past: Past, row: Row[Any]) -> Restored | None:
    agent = past.agent(row.identity_id, row.released_at)
    if agent is None or row.decided_by is None:
        return None
    event = IdentityReleased(
        claim_id=row.id, identity_id=row.identity_id, principal_id=row.decided_by, **agent
    )
    return Restored(event=event, at=row.released_at, by=past.by_principal(row.decided_by))


# An identity's first claim is made with it, and told of by `identity_registered`.
_LATER = claim.c.created_at > (
    select(identity.c.created_at).where(identity.c.id == claim.c.identity_id).scalar_subquery()
)
_ACCEPTED = claim.c.state.in_((ClaimState.ACCEPTED.value, ClaimState.RELEASED.value))

TRACES = (
    Trace(event=IdentityClaimRenewed, table=claim, at="created_at", where=_LATER, restore=_renewed),
    Trace(event=IdentityClaimOpened, table=claim, at="opened_at", restore=_opened),
    Trace(event=IdentityClaimed, table=claim, at="ended_at", where=_ACCEPTED, restore=_claimed),
    Trace(
        event=IdentityClaimRejected,
        table=claim,
        at="ended_at",
        where=claim.c.state == ClaimState.REJECTED.value,
        restore=_rejected,
    ),
    Trace(
        event=IdentityClaimExpired,
        table=claim,
        at="ended_at",
        where=claim.c.state == ClaimState.EXPIRED.value,
        restore=_expired,
    ),
    Trace(event=IdentityReleased, table=claim, at="released_at", restore=_released),
)
