"""Access requests: an agent asks, its principal lists and denies. Approving is confirmed on a page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from authsome.connection.errors import ConnectionNameInvalid
from authsome.grant.access.deny_access import deny_access
from authsome.grant.access.errors import (
    AccessDeniedLately,
    AccessHeld,
    AccessNoteInvalid,
    AccessRequestGone,
    AccessRequestMissing,
    TooManyAccessRequests,
)
from authsome.grant.access.find import Asked, get_asked, list_open
from authsome.grant.access.model import LONGEST_NOTE
from authsome.grant.access.ports import AccessWork
from authsome.grant.access.request_access import request_access
from authsome.grant.errors import GrantLengthInvalid
from authsome.grant.lasting import read_length
from authsome.identity.errors import IdentityRequired
from authsome.provider.errors import ProviderMissing
from authsome.server.callers import Acting, ActingPrincipal
from authsome.server.reference.refusals import refusals
from authsome.server.routes.body import Answer, Body, Id, Name
from authsome.server.state import Rt
from authsome.server.web import paths

router = APIRouter(prefix="/api/access-requests", tags=["access requests"])

ASKING = (
    IdentityRequired,
    ProviderMissing,
    ConnectionNameInvalid,
    GrantLengthInvalid,
    AccessNoteInvalid,
    AccessHeld,
    AccessDeniedLately,
    TooManyAccessRequests,
)
DENYING = (AccessRequestMissing, AccessRequestGone)


class NewAccessRequest(Body):
    """For which provider, by which of its connections if it matters, for how long (`7d`) if not without end,
    and a short note for the principal.
    """

    provider: Name
    connection_name: Name | None = None
    lasting: Annotated[str, Field(max_length=16)] | None = None
    note: Annotated[str, Field(max_length=4 * LONGEST_NOTE)] | None = None


class AccessRequestOut(Answer):
    """An access request and how it stands. `url` is the page on which its principal decides. Of what is
    connected it says nothing.
    """

    id: str
    handle: str
    provider: str
    connection_name: str | None
    lasts_seconds: int | None
    note: str | None
    state: str
    created_at: datetime
    expires_at: datetime
    url: str


@router.post("", status_code=201, responses=refusals(*ASKING))
async def ask(body: NewAccessRequest, runtime: Rt, caller: Acting) -> AccessRequestOut:
    """Ask one's principal for access. What is open for the same already is the answer, as it is."""
    lasting = None if body.lasting is None else read_length(body.lasting)

    def write(work: AccessWork) -> Asked:
        made = request_access(
            work,
            provider=body.provider,
            connection_name=body.connection_name,
            lasting=lasting,
            note=body.note,
        )
        return get_asked(work, caller=work.caller, request_id=made.id)

    return _out(await runtime.store.write(caller, write), runtime.config.base_url)


@router.get("")
async def list_all(runtime: Rt, caller: Acting) -> list[AccessRequestOut]:
    """What is open: what one's agents ask for; an identity sees what it has asked for."""
    found = await runtime.store.read(lambda view: list_open(view, caller=caller))
    return [_out(one, runtime.config.base_url) for one in found]


@router.get("/{request_id}", responses=refusals(AccessRequestMissing))
async def show(request_id: Id, runtime: Rt, caller: Acting) -> AccessRequestOut:
    """How it stands. Only for the identity that asked, and the principal who is asked."""
    found = await runtime.store.read(lambda view: get_asked(view, caller=caller, request_id=request_id))
    return _out(found, runtime.config.base_url)


@router.post("/{request_id}/deny", responses=refusals(*DENYING))
async def deny(request_id: Id, runtime: Rt, caller: ActingPrincipal) -> AccessRequestOut:
    """Turn it down. It gives nothing, so it needs no page."""

    def write(work: AccessWork) -> Asked:
        deny_access(work, request_id=request_id)
        return get_asked(work, caller=work.caller, request_id=request_id)

    return _out(await runtime.store.write(caller, write), runtime.config.base_url)


def _out(asked: Asked, base_url: str) -> AccessRequestOut:
    request = asked.request
    return AccessRequestOut(
        id=request.id,
        handle=asked.identity.handle,
        provider=request.provider,
        connection_name=request.connection_name,
        lasts_seconds=request.lasts_seconds,
        note=request.note,
        state=asked.state.value,
        created_at=request.created_at,
        expires_at=request.expires_at,
        url=f"{base_url}{paths.access_request(request.id)}",
    )
