"""Who asks the API: whoever signed the request. Who looks at a page is in `visit.py`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from authsome.identity.signature import Message, Signed
from authsome.kit.caller import Caller, Surface
from authsome.runtime.authenticate import Signer, check_signature
from authsome.server.guard import authority_of
from authsome.server.state import runtime_of

CLI_AGENT = "authsome-cli/"


# Each of these is one dependency that calls the others itself: FastAPI spends more on solving a nested
# dependency than the database spends on finding the signer.


async def signed_message(request: Request) -> Signed:
    """Who signed this very request. Raises the refusals of `identity.errors`."""
    runtime = runtime_of(request)
    message = Message(
        method=request.method,
        authority=authority_of(runtime.config.base_url),
        path=request.scope["raw_path"].decode("ascii", "replace"),
        query=request.scope["query_string"].decode("ascii", "replace"),
        body=await request.body(),
    )
    return await check_signature(runtime.store, message, request.headers)


async def did_of_signer(request: Request) -> str:
    """The did whose key signed, whether anybody registered it or not."""
    return (await signed_message(request)).did


async def signer(request: Request) -> Signer:
    """The identity or terminal session that signed, whatever its state."""
    signed = await signed_message(request)
    who = await runtime_of(request).signers.find(signed, surface_of(request))
    request.state.caller = who.caller
    return who


async def acting(request: Request) -> Caller:
    """A caller that may act: a claimed identity, or a principal's terminal."""
    return (await signer(request)).require_claimed()


async def acting_principal(request: Request) -> Caller:
    """A principal's terminal."""
    caller = await acting(request)
    caller.require_principal()
    return caller


async def acting_admin(request: Request) -> Caller:
    """An admin's terminal."""
    caller = await acting(request)
    caller.require_admin()
    return caller


def surface_of(request: Request) -> Surface:
    """CLI or other API use, by what the client says of itself; it only sorts the counts."""
    agent = request.headers.get("user-agent", "")
    return Surface.CLI if agent.startswith(CLI_AGENT) else Surface.API


Did = Annotated[str, Depends(did_of_signer)]
AnySigner = Annotated[Signer, Depends(signer)]
Acting = Annotated[Caller, Depends(acting)]
ActingPrincipal = Annotated[Caller, Depends(acting_principal)]
ActingAdmin = Annotated[Caller, Depends(acting_admin)]
