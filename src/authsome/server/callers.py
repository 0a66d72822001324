"""Who asks the API: whoever signed the request. Who looks at a page is in `visit.py`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from authsome.identity.signature import Message
from authsome.kit.caller import Caller, Surface
from authsome.runtime.authenticate import Signer, check_signature, find_signer
from authsome.server.guard import authority_of
from authsome.server.state import Rt

CLI_AGENT = "authsome-cli/"


async def signed_message(request: Request, runtime: Rt) -> str:
    """The did whose key signed this very request. Raises the refusals of `identity.errors`."""
    message = Message(
        method=request.method,
        authority=authority_of(runtime.config.base_url),
        path=request.scope["raw_path"].decode("ascii", "replace"),
        query=request.scope["query_string"].decode("ascii", "replace"),
        body=await request.body(),
    )
    signed = await check_signature(runtime.store, message, request.headers)
    request.state.signed = signed
    return signed.did


async def signer(request: Request, runtime: Rt, _did: Annotated[str, Depends(signed_message)]) -> Signer:
    """The identity or terminal session that signed, whatever its state."""
    who = await find_signer(runtime.store, request.state.signed, surface_of(request))
    request.state.caller = who.caller
    return who


async def acting(who: Annotated[Signer, Depends(signer)]) -> Caller:
    """A caller that may act: a claimed identity, or a principal's terminal."""
    return who.require_claimed()


async def acting_principal(caller: Annotated[Caller, Depends(acting)]) -> Caller:
    """A principal's terminal."""
    caller.require_principal()
    return caller


async def acting_admin(caller: Annotated[Caller, Depends(acting)]) -> Caller:
    """An admin's terminal."""
    caller.require_admin()
    return caller


def surface_of(request: Request) -> Surface:
    """CLI or other API use, by what the client says of itself; it only sorts the counts."""
    agent = request.headers.get("user-agent", "")
    return Surface.CLI if agent.startswith(CLI_AGENT) else Surface.API


Did = Annotated[str, Depends(signed_message)]
AnySigner = Annotated[Signer, Depends(signer)]
Acting = Annotated[Caller, Depends(acting)]
ActingPrincipal = Annotated[Caller, Depends(acting_principal)]
ActingAdmin = Annotated[Caller, Depends(acting_admin)]
