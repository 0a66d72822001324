"""What releasing and revoking have in common: who may, and all that ends with the claim."""

from __future__ import annotations

from authsome.auth_session.cancel import cancel_all_of
from authsome.claim.ports import WithdrawalWork
from authsome.grant.remove import remove_all_of
from authsome.identity.errors import IdentityMissing
from authsome.identity.model import Identity
from authsome.run.complete import stop_all_of


def decided_upon(work: WithdrawalWork, identity_id: str) -> Identity:
    """The identity, for its principal or an admin, confirmed.

    Raises `IdentityMissing`, also for somebody else's: that it exists is theirs to know.
    """
    principal_id = work.caller.require_confirmed()
    identity = work.identities.find(identity_id)
    if identity is None or not (work.caller.is_admin or identity.principal_id == principal_id):
        raise IdentityMissing
    return identity


def withdraw(work: WithdrawalWork, identity: Identity) -> None:
    """End its grants, runs and open auth sessions, while it still has the owner whom their events name."""
    remove_all_of(work, identity)
    stop_all_of(work, identity)
    cancel_all_of(work, identity)
