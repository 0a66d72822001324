"""Forget an agent."""

from __future__ import annotations

from dataclasses import replace

from authsome.claim.revoke import revoke
from authsome.erasure.events import IdentityErased
from authsome.erasure.holdings import Holdings, holdings_of_identity
from authsome.erasure.model import Destroyed, ErasedBy, ErasedSubject, Erasure, SubjectKind
from authsome.erasure.ports import ErasureWork
from authsome.identity.errors import IdentityMissing
from authsome.identity.model import Identity, IdentityState, spent


def erase_identity(work: ErasureWork, *, identity_id: str) -> Erasure:
    """Revoke the identity, if it still is any, and forget it. A confirmed act of whoever claimed it.

    Not of an admin: they may stop every agent, but what its principal may look up of it stays theirs.
    Raises `IdentityMissing`, also for somebody else's and for one that was erased before.
    """
    principal_id = work.caller.require_confirmed()
    identity = work.identities.find(identity_id)
    if identity is None or identity.principal_id != principal_id:
        raise IdentityMissing
    work.erasures.overwrite()
    held, erasure_id = holdings_of_identity(work, identity), work.new_id("ers")
    subject = entomb(work, identity, erasure_id=erasure_id, by=ErasedBy.OWNER)
    values = work.erasures.forget_facts([subject.id])
    erasure = Erasure(
        id=erasure_id,
        kind=SubjectKind.IDENTITY,
        subject_id=subject.id,
        by=ErasedBy.OWNER,
        destroyed=count(held, values),
        created_at=subject.created_at,
    )
    work.erasures.add(erasure, [subject])
    return erasure


def entomb(work: ErasureWork, identity: Identity, *, erasure_id: str, by: ErasedBy) -> ErasedSubject:
    """End the identity and empty its row; its handle, which counts no more. The caller has authorised it."""
    if identity.may_be_revoked:
        identity = revoke(work, identity_id=identity.id)
    at = work.record(
        IdentityErased(erasure_id=erasure_id, identity_id=identity.id, identity_handle=identity.handle, by=by)
    )
    work.identities.update(
        replace(
            identity,
            did=spent(identity.did),
            label=None,
            principal_id=None,
            claimed_at=None,
            state=IdentityState.ERASED,
        )
    )
    work.erasures.blank_identity(identity.id)
    return ErasedSubject(id=identity.handle, kind=SubjectKind.IDENTITY, erasure_id=erasure_id, created_at=at)


def count(held: Holdings, values: int) -> Destroyed:
    """How much that was, and how many values are gone by now."""
    return Destroyed(
        identities=len(held.identities),
        connections=len(held.connections),
        grants=len(held.grants),
        sessions=held.sessions,
        runs=held.runs,
        auth_sessions=held.auth_sessions,
        values=values,
    )
