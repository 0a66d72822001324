"""For the server's own operating-system user, on its host: the first link, and a way back in.

Whoever can read the server's files is trusted with these; the token only proves that they can.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from authsome.kit.secret import Secret
from authsome.principal.invite import offer_set_up
from authsome.principal.recover import offer_recovery
from authsome.server.host_token import LONGEST, HostTokenWrong, check_host_token
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


def _from_the_host(request: Request, runtime: Rt) -> None:
    """Raises `HostTokenWrong`. Another machine is refused whatever it knows."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    same_machine = request.client and request.client.host == request.scope["server"][0]
    if not same_machine or scheme.lower() != "bearer" or len(token) > LONGEST:
        raise HostTokenWrong
    check_host_token(runtime.config.server_home, Secret(token))


@router.post("/set-up-link", dependencies=[Depends(_from_the_host)])
async def make_set_up_link(_body: Nothing, runtime: Rt) -> SetUpLink:
    """A new link for the first admin; the one before stops working."""
    token = await runtime.store.write(runtime.server, offer_set_up)
    return SetUpLink(url=f"{runtime.config.base_url}/set-up/{token.reveal()}" if token else None)


@router.post("/reset-links", status_code=201, dependencies=[Depends(_from_the_host)])
async def make_recovery_link(body: Recovery, runtime: Rt) -> Link:
    """A link with which an admin who is locked out sets a new password."""
    token = await runtime.store.write(runtime.server, lambda work: offer_recovery(work, email=body.email))
    return Link(url=f"{runtime.config.base_url}/reset/{token.reveal()}")
