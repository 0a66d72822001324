"""Accept or reject an identity: a confirmed act of the principal to whom the link was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from authsome.claim.errors import CodeWrong
from authsome.claim.events import IdentityClaimed, IdentityClaimRejected
from authsome.claim.model import WRONG_CODES, ClaimState
from authsome.claim.open import Asked, find_asked
from authsome.claim.ports import ClaimWork
from authsome.claim.register import expire
from authsome.grant.create import create_grant
from authsome.identity.model import Identity, IdentityState
from authsome.kit.caller import Caller
from authsome.kit.limits import Limits
from authsome.kit.secret import Secret
from authsome.kit.work import Transactions

WINDOW = timedelta(hours=2)


async def check_code(
    store: Transactions[ClaimWork], limits: Limits, caller: Caller, *, token: Secret, code: str
) -> None:
    """Raises `CodeWrong`; after five wrong codes the claim expires, whoever typed them.

    The tries are counted in the books before the code is looked at, so that neither a restart nor a
    second server gives anybody more of them.
    """
    caller.require_principal()
    asked = await store.read(lambda view: find_asked(view, token))
    if asked.claim.accepts(code):
        return
    if not await limits.hit(f"claim:{asked.claim.id}", at_most=WRONG_CODES - 1, within=WINDOW):
        await store.write(caller, lambda work: _expire(work, token))
    raise CodeWrong


def accept(work: ClaimWork, *, token: Secret, code: str, connection_ids: Sequence[str]) -> Identity:
    """The identity becomes the caller's and may use exactly these connections.

    Raises `ClaimGone`, `CodeWrong`, or what granting raises; then nothing has changed.
    """
    principal_id = work.caller.require_confirmed()
    asked = _asked(work, token, code)
    chosen = list(dict.fromkeys(connection_ids))
    at = work.record(
        IdentityClaimed(
            claim_id=asked.claim.id,
            identity_id=asked.identity.id,
            identity_handle=asked.identity.handle,
            did=asked.identity.did,
            principal_id=principal_id,
            connections_granted=len(chosen),
        )
    )
    identity = replace(asked.identity, state=IdentityState.CLAIMED, principal_id=principal_id, claimed_at=at)
    work.identities.update(identity)
    work.claims.update(replace(asked.claim, state=ClaimState.ACCEPTED, ended_at=at, decided_by=principal_id))
    for connection_id in chosen:
        create_grant(work, identity=identity, connection_id=connection_id)
    return identity


def reject(work: ClaimWork, *, token: Secret, code: str) -> Identity:
    """The identity is turned away for good; its key cannot be registered again."""
    principal_id = work.caller.require_confirmed()
    asked = _asked(work, token, code)
    at = work.record(
        IdentityClaimRejected(
            claim_id=asked.claim.id,
            identity_id=asked.identity.id,
            identity_handle=asked.identity.handle,
            did=asked.identity.did,
            principal_id=principal_id,
        )
    )
    identity = replace(asked.identity, state=IdentityState.REJECTED, ended_at=at)
    work.identities.update(identity)
    work.claims.update(replace(asked.claim, state=ClaimState.REJECTED, ended_at=at, decided_by=principal_id))
    return identity


def _asked(work: ClaimWork, token: Secret, code: str) -> Asked:
    asked = find_asked(work, token)
    if not asked.claim.accepts(code):
        raise CodeWrong
    return asked


def _expire(work: ClaimWork, token: Secret) -> None:
    asked = find_asked(work, token)
    expire(work, asked.claim, asked.identity)
