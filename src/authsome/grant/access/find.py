"""Look at access requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from authsome.grant.access.errors import AccessRequestGone, AccessRequestMissing
from authsome.grant.access.model import LIFE, AccessRequest, AccessState
from authsome.grant.access.ports import AccessWork
from authsome.identity.model import Identity
from authsome.kit.caller import ActorKind, Caller
from authsome.provider.catalogue import spoken_of


@dataclass(frozen=True, slots=True)
class Asked:
    """An access request with the identity that asked, and how it stands."""

    request: AccessRequest
    identity: Identity
    state: AccessState


def list_open(view: AccessWork, *, caller: Caller) -> list[Asked]:
    """What is open: for a principal what they are asked, for an identity what it has asked for."""
    if caller.kind is ActorKind.IDENTITY:
        found = view.access_requests.list_since(caller.identity_id or "", view.now - LIFE)
    else:
        found = view.access_requests.list_undecided(caller.principal_id or "", view.now)
    seen = (_look(view, request) for request in found)
    return [one for one in seen if one is not None and one.state is AccessState.OPEN]


def get_asked(view: AccessWork, *, caller: Caller, request_id: str) -> Asked:
    """A request in whatever state, for the identity that asked and for the principal who is asked.

    Raises `AccessRequestMissing`, also for somebody else's.
    """
    request = view.access_requests.find(request_id)
    if request is None or not _may_see(caller, request):
        raise AccessRequestMissing
    asked = _look(view, request)
    if asked is None:
        raise AccessRequestMissing
    return asked


def undecided(work: AccessWork, request_id: str) -> Asked:
    """What the calling principal may decide. Raises `AccessRequestMissing` or `AccessRequestGone`."""
    work.caller.require_principal()
    asked = get_asked(work, caller=work.caller, request_id=request_id)
    if asked.state is not AccessState.OPEN:
        raise AccessRequestGone
    return asked


def about(request: AccessRequest, identity: Identity) -> dict[str, Any]:
    """The fields that every event of an access request has."""
    return {
        "access_request_id": request.id,
        "principal_id": request.principal_id,
        "identity_handle": identity.handle,
        "did": identity.did,
        **spoken_of(request.provider),
    }


def _may_see(caller: Caller, request: AccessRequest) -> bool:
    if caller.kind is ActorKind.IDENTITY:
        return request.identity_id == caller.identity_id
    return caller.kind is ActorKind.PRINCIPAL and request.principal_id == caller.principal_id


def _look(view: AccessWork, request: AccessRequest) -> Asked | None:
    identity = view.identities.find(request.identity_id)
    if identity is None:
        return None
    return Asked(request, identity, request.state_for(identity, view.now))
