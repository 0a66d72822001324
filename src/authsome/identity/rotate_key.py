"""Replace an identity's key. The handle, the owner, the grants and the runs stay."""

from __future__ import annotations

from dataclasses import replace

from authsome.identity.errors import DidTaken, IdentityUnknown, KeyRetired
from authsome.identity.events import IdentityKeyRotated
from authsome.identity.key_proof import KeyProof, check_proof
from authsome.identity.model import Identity, RetiredKey
from authsome.identity.ports import IdentityWork
from authsome.kit.caller import ActorKind


def rotate_key(work: IdentityWork, *, proof: KeyProof, authority: str) -> Identity:
    """The identity with its new key. From this commit on the old one signs nothing, and is never taken again.

    The caller is the identity, by a request that the old key signed. Raises `IdentityUnknown`,
    `IdentityUnclaimed`, `IdentityEnded`, `KeyRetired`, `DidTaken`, or what `check_proof` raises.
    """
    caller = work.caller
    if caller.kind is not ActorKind.IDENTITY or caller.identity_id is None or caller.did is None:
        raise IdentityUnknown("only an agent replaces its key")
    identity = work.identities.find(caller.identity_id)
    if identity is None:
        raise IdentityUnknown
    if identity.did != caller.did:  # of two rotations at once, the other one came first
        raise KeyRetired
    principal_id = identity.require_claimed()
    check_proof(proof, authority=authority, old_did=identity.did, now=int(work.now.timestamp()))
    _check_unused(work, proof.did)
    retired_id = work.new_id("key")
    at = work.record(
        IdentityKeyRotated(
            retired_key_id=retired_id,
            identity_id=identity.id,
            identity_handle=identity.handle,
            did=proof.did,
            previous_did=identity.did,
            principal_id=principal_id,
        )
    )
    retired = RetiredKey(id=retired_id, identity_id=identity.id, did=identity.did, created_at=at)
    work.retired_keys.add(retired)
    rotated = replace(identity, did=proof.did)
    work.identities.update(rotated)
    return rotated


def _check_unused(work: IdentityWork, did: str) -> None:
    if work.retired_keys.find_by_did(did) is not None:
        raise KeyRetired
    if work.identities.find_by_did(did) is not None:
        raise DidTaken
