"""Turn down what an identity asked for."""

from __future__ import annotations

from dataclasses import replace

from authsome.grant.access.find import about, undecided
from authsome.grant.access.model import AccessRequest, AccessState
from authsome.grant.access.ports import AccessWork
from authsome.grant.events import AccessDenied


def deny_access(work: AccessWork, *, request_id: str) -> AccessRequest:
    """An act of the principal who is asked; not a confirmed one, since it gives nothing.

    Raises `AccessRequestMissing` or `AccessRequestGone`.
    """
    asked = undecided(work, request_id)
    at = work.record(AccessDenied(**about(asked.request, asked.identity)))
    denied = replace(asked.request, state=AccessState.DENIED, ended_at=at)
    work.access_requests.update(denied)
    return denied
