"""End the claims that nobody decided in time."""

from __future__ import annotations

from authsome.claim.ports import ClaimWork
from authsome.claim.register import expire

BATCH = 100


def expire_overdue(work: ClaimWork) -> int:
    """Expire up to a hundred overdue claims; returns how many. The server's own act, every minute."""
    overdue = work.claims.list_overdue(work.now, BATCH)
    for claim in overdue:
        identity = work.identities.find(claim.identity_id)
        assert identity is not None
        expire(work, claim, identity)
    return len(overdue)
