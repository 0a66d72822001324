"""Let an identity go: it belongs to nobody then, and may be claimed again by whoever."""

from __future__ import annotations

from dataclasses import replace

from authsome.claim.events import IdentityReleased
from authsome.claim.model import ClaimState
from authsome.claim.ports import WithdrawalWork
from authsome.claim.withdraw import decided_upon, withdraw
from authsome.identity.model import Identity, IdentityState


def release(work: WithdrawalWork, *, identity_id: str) -> Identity:
    """End the accepted claim, and with it grants, runs and open auth sessions.

    A confirmed act of whoever claimed the identity, or of an admin, who may take away and never give: the
    agents of somebody who left must not go on. Raises `IdentityMissing`, `IdentityUnclaimed` or
    `IdentityEnded`.
    """
    identity = decided_upon(work, identity_id)
    held_by = identity.require_claimed()
    claim = work.claims.find_accepted(identity.id)
    assert claim is not None  # an identity becomes claimed by one being accepted, and stays so as long
    withdraw(work, identity)
    at = work.record(
        IdentityReleased(
            claim_id=claim.id,
            identity_id=identity.id,
            identity_handle=identity.handle,
            did=identity.did,
            principal_id=held_by,
        )
    )
    work.claims.update(replace(claim, state=ClaimState.RELEASED, released_at=at))
    released = replace(identity, state=IdentityState.RELEASED, principal_id=None, claimed_at=None)
    work.identities.update(released)
    return released
