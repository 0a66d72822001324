"""End an identity for good."""

from __future__ import annotations

from dataclasses import replace

from authsome.claim.events import IdentityRevoked
from authsome.claim.ports import WithdrawalWork
from authsome.claim.register import expire
from authsome.claim.withdraw import decided_upon, withdraw
from authsome.identity.errors import IdentityEnded
from authsome.identity.model import Identity, IdentityState


def revoke(work: WithdrawalWork, *, identity_id: str) -> Identity:
    """Refuse the identity and its key for ever, and end what it had. Doing it again changes nothing.

    A confirmed act of whoever claimed it, or of an admin, who can also turn away one that nobody has claimed.
    It stays its principal's, so that they see what became of it. Raises `IdentityMissing`, or `IdentityEnded`
    for one that was rejected, whose key is refused already.
    """
    identity = decided_upon(work, identity_id)
    if identity.state is IdentityState.REVOKED:
        return identity
    if identity.state is IdentityState.REJECTED:
        raise IdentityEnded("this identity was rejected, so its key is refused for good already")
    pending = work.claims.find_pending(identity.id)
    if pending is not None:
        expire(work, pending, identity)
    withdraw(work, identity)
    at = work.record(
        IdentityRevoked(
            identity_id=identity.id,
            identity_handle=identity.handle,
            did=identity.did,
            principal_id=identity.principal_id,
        )
    )
    revoked = replace(identity, state=IdentityState.REVOKED, ended_at=at)
    work.identities.update(revoked)
    return revoked
