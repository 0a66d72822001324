"""Look at a claim from the page behind its link."""

from __future__ import annotations

from dataclasses import dataclass, replace

from authsome.claim.errors import ClaimGone
from authsome.claim.events import IdentityClaimOpened
from authsome.claim.model import Claim, ClaimState
from authsome.claim.ports import ClaimWork
from authsome.identity.model import Identity
from authsome.kit.secret import Secret


@dataclass(frozen=True, slots=True)
class Asked:
    """A pending claim and the identity that it is about."""

    claim: Claim
    identity: Identity


def find_asked(work: ClaimWork, token: Secret) -> Asked:
    """The pending claim behind a link. Raises `ClaimGone`, the same for every way in which it is not good."""
    claim = work.claims.find_by_token_hash(token.digest())
    if claim is None or claim.state is not ClaimState.PENDING or work.now >= claim.expires_at:
        raise ClaimGone
    identity = work.identities.find(claim.identity_id)
    assert identity is not None
    return Asked(claim, identity)


def open_claim(work: ClaimWork, *, token: Secret) -> Asked:
    """What the page shows to a signed-in principal; the first look is a fact."""
    principal_id = work.caller.require_principal()
    asked = find_asked(work, token)
    if asked.claim.opened_at is not None:
        return asked
    opened = IdentityClaimOpened(
        claim_id=asked.claim.id,
        identity_handle=asked.identity.handle,
        did=asked.identity.did,
        principal_id=principal_id,
    )
    claim = replace(asked.claim, opened_at=work.record(opened), opened_by=principal_id)
    work.claims.update(claim)
    return Asked(claim, asked.identity)
