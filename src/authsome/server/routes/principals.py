"""Principals, for admins: who is here, who may come, and who needs a new password."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter

from authsome.kit.caller import ConfirmationRequired
from authsome.principal.invite import invite
from authsome.principal.model import Principal, Role
from authsome.server.callers import ActingAdmin
from authsome.server.reference.refusals import refusals
from authsome.server.routes.body import After, Answer, Body
from authsome.server.state import Rt

router = APIRouter(prefix="/api", tags=["principals"])


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


def _out(principal: Principal) -> PrincipalOut:
    return PrincipalOut(
        id=principal.id,
        email=principal.email,
        display_name=principal.display_name,
        role=principal.role.value,
        state=principal.state.value,
        created_at=principal.created_at,
    )
