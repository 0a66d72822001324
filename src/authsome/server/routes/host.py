"""For the server's own operating-system user, on its host: the first link, and a way back in.

Whoever can read the server's files is trusted with these; the token only proves that they can.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from authsome.principal.errors import AdminMissing, AdminUnclear
from authsome.principal.invite import offer_set_up
from authsome.principal.recover import offer_recovery
from authsome.server.host_token import from_the_host
from authsome.server.reference.refusals import refusals
from authsome.server.routes.body import Answer, Body, Nothing
from authsome.server.state import Rt

router = APIRouter(prefix="/api/host", tags=["host"])


class Recovery(Body):
    """Which admin; the only one, if none is named."""

    email: Annotated[str | None, Field(max_length=254)] = None


class Link(Answer):
    """A one-time link. SECRET."""

    url: str


class SetUpLink(Answer):
    """The link for the first admin, or null when there is a principal already. SECRET."""

    url: str | None


@router.post("/set-up-link", dependencies=[Depends(from_the_host)])
async def make_set_up_link(_body: Nothing, runtime: Rt) -> SetUpLink:
    """A new link for the first admin; the one before stops working."""
    token = await runtime.store.write(runtime.server, offer_set_up)
    return SetUpLink(url=f"{runtime.config.base_url}/set-up/{token.reveal()}" if token else None)


@router.post(
    "/reset-links",
    status_code=201,
    dependencies=[Depends(from_the_host)],
    responses=refusals(AdminMissing, AdminUnclear),
)
async def make_recovery_link(body: Recovery, runtime: Rt) -> Link:
    """A link with which an admin who is locked out sets a new password."""
    token = await runtime.store.write(runtime.server, lambda work: offer_recovery(work, email=body.email))
    return Link(url=f"{runtime.config.base_url}/reset/{token.reveal()}")
