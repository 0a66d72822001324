"""Sign a terminal out."""

from __future__ import annotations

from fastapi import APIRouter

from authsome.principal.errors import SessionMissing
from authsome.principal.log_out import log_out
from authsome.server.callers import ActingPrincipal
from authsome.server.reference.refusals import refusals
from authsome.server.state import Rt

router = APIRouter(prefix="/api", tags=["sessions"])


@router.post("/sign-outs", status_code=204, responses=refusals(SessionMissing))
async def sign_out(runtime: Rt, caller: ActingPrincipal) -> None:
    """End the session whose key signed the request; the key works for nothing from then on."""
    await runtime.store.write(caller, log_out)
