"""Register an agent's key, and ask for it to be claimed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from authsome.claim.events import IdentityClaimExpired, IdentityClaimRenewed
from authsome.claim.model import CLAIM_LIFE, Claim, ClaimState, hash_code, spell_code
from authsome.claim.ports import ClaimWork
from authsome.identity.errors import DidTaken, IdentityEnded, KeyRetired
from authsome.identity.events import IdentityRegistered
from authsome.identity.handle import new_handle
from authsome.identity.model import UNCLAIMED, Identity, IdentityState, check_label
from authsome.kit.secret import Secret


@dataclass(frozen=True, slots=True)
class Registered:
    """What the holder of the key is told, and nobody else: the link's token and the code are SECRET."""

    identity: Identity
    claim: Claim
    token: Secret
    code: Secret


def register(work: ClaimWork, *, did: str, label: str | None, address_key: str) -> Registered:
    """A new identity with a pending claim, or a new link for one that still waits or was released.

    The caller has proved that it holds the key of `did`: the request was signed with it. Raises
    `DidTaken` for a key that was claimed or is a terminal's, `IdentityEnded` for one that was turned away or
    revoked, and `KeyRetired` for one that another replaced.
    """
    identity = work.identities.find_by_did(did)
    if identity is None:
        if work.retired_keys.find_by_did(did) is not None:
            raise KeyRetired
        if work.sessions.find_by_did(did) is not None:
            raise DidTaken  # a terminal's; as an identity's it would sign for nobody who is signed in
        return _first(work, did=did, label=check_label(label), address_key=address_key)
    if identity.state is IdentityState.CLAIMED:
        raise DidTaken
    if identity.state not in UNCLAIMED:
        raise IdentityEnded
    return _again(work, identity, address_key)


def _first(work: ClaimWork, *, did: str, label: str | None, address_key: str) -> Registered:
    identity_id, claim_id, handle = work.new_id("idn"), work.new_id("clm"), new_handle(work)
    at = work.record(
        IdentityRegistered(
            identity_id=identity_id, identity_handle=handle, did=did, claim_id=claim_id, label=label
        )
    )
    identity = Identity(
        id=identity_id, did=did, handle=handle, label=label, state=IdentityState.PENDING, created_at=at
    )
    work.identities.add(identity)
    return _ask(work, identity, claim_id, address_key, at=at)


def _again(work: ClaimWork, identity: Identity, address_key: str) -> Registered:
    pending = work.claims.find_pending(identity.id)
    if pending is not None:
        expire(work, pending, identity)
    claim_id = work.new_id("clm")
    renewed = IdentityClaimRenewed(
        claim_id=claim_id, identity_id=identity.id, identity_handle=identity.handle, did=identity.did
    )
    at = work.record(renewed)
    if identity.state is IdentityState.RELEASED:
        identity = replace(identity, state=IdentityState.PENDING)
        work.identities.update(identity)
    return _ask(work, identity, claim_id, address_key, at=at)


def _ask(work: ClaimWork, identity: Identity, claim_id: str, address_key: str, *, at: datetime) -> Registered:
    token, code = Secret(work.token()), spell_code(work.random(16))
    claim = Claim(
        id=claim_id,
        identity_id=identity.id,
        state=ClaimState.PENDING,
        token_hash=token.digest(),
        code_hash=hash_code(claim_id, code.reveal()),
        address_key=address_key,
        created_at=at,
        expires_at=at + CLAIM_LIFE,
    )
    work.claims.add(claim)
    return Registered(identity, claim, token, code)


def expire(work: ClaimWork, claim: Claim, identity: Identity) -> None:
    """End a pending claim without a decision. The identity stays and its holder may ask again."""
    at = work.record(
        IdentityClaimExpired(claim_id=claim.id, identity_handle=identity.handle, did=identity.did)
    )
    work.claims.update(replace(claim, state=ClaimState.EXPIRED, ended_at=at))
