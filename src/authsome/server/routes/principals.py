"""Principals, for admins: who is here, who may come, and who needs a new password."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from authsome.kit.caller import ConfirmationRequired
from authsome.principal.invite import invite
from authsome.principal.model import Principal, Role
from authsome.runtime.erasure.receipts import list_erasures
from authsome.server.callers import ActingAdmin
from authsome.server.reference.refusals import refusals
from authsome.server.routes.body import After, Answer, Body, Document, Instant
from authsome.server.state import Rt

router = APIRouter(prefix="/api", tags=["principals"])
PAGE = 100
Before = Annotated[
    str, Query(max_length=64, pattern=r"^[0-9a-z_]*$", description="The last receipt that is known.")
]


class PrincipalOut(Answer):
    """A person, as admins see them. The e-mail is for this installation's eyes."""

    id: str
    email: str
    display_name: str | None
    role: str
    state: str
    created_at: datetime


class NewInvitation(Body):
    """What whoever opens the link will be."""

    role: Role = Role.MEMBER


class InvitationOut(Answer):
    """A link for one person, once. SECRET."""

    url: str
    expires_at: datetime


@router.get("/principals")
async def list_all(runtime: Rt, _admin: ActingAdmin, after: After = "") -> list[PrincipalOut]:
    """All principals, a hundred at a time, in the order in which they came."""
    found = await runtime.store.read(lambda view: view.principals.list(after=after))
    return [_out(principal) for principal in found]


@router.post("/invitations", status_code=201, responses=refusals(ConfirmationRequired))
async def make_invitation(body: NewInvitation, runtime: Rt, admin: ActingAdmin) -> InvitationOut:
    """A link with which a member can register; one for an admin is made on the page, with the password."""
    invitation, token = await runtime.store.write(admin, lambda work: invite(work, role=body.role))
    url = f"{runtime.config.base_url}/invitation/{token.reveal()}"
    return InvitationOut(url=url, expires_at=invitation.expires_at)


class ByHand(Document):
    """What only a person can do: delete these persons in PostHog, with their events.

    `lost_pseudonyms` names keys of pseudonyms that the server no longer has: what left under these cannot
    be named.
    """

    host: str
    distinct_ids: list[str]
    lost_pseudonyms: list[str]


class PostHogOut(Document):
    """How far an erasure is at PostHog. `because` is why it goes on no further just now."""

    state: str
    requested_at: Instant | None
    verified_at: Instant | None
    persons: int | None
    events_left: int | None
    because: str | None
    by_hand: ByHand | None


class ErasureOut(Document):
    """A receipt: what was destroyed, and how far it is at PostHog. `subject` is an id that says nothing."""

    id: str
    kind: str
    subject: str
    by: str
    erased_at: Instant
    destroyed: dict[str, int]
    posthog: PostHogOut


@router.get("/principals/erasures")
async def erasures(runtime: Rt, _admin: ActingAdmin, before: Before = "") -> list[ErasureOut]:
    """People and agents who were erased, a hundred receipts at a time, the latest first."""
    told = await list_erasures(runtime, before=before, limit=PAGE)
    return [ErasureOut(**one) for one in told]


def _out(principal: Principal) -> PrincipalOut:
    return PrincipalOut(
        id=principal.id,
        email=principal.email,
        display_name=principal.display_name,
        role=principal.role.value,
        state=principal.state.value,
        created_at=principal.created_at,
    )
