"""Is it up?"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from authsome import __version__
from authsome.runtime.telemetry import telemetry_health
from authsome.server.state import Rt

router = APIRouter(prefix="/api", tags=["health"])


@router.get("/health")
async def health(runtime: Rt) -> dict[str, Any]:
    """Answers once the database does, and says whether telemetry moves."""
    head = await runtime.store.read(lambda view: view.event_log.head())
    telemetry = await telemetry_health(runtime, head=head)
    return {"status": "ok", "version": __version__, "log_position": head, "telemetry": telemetry}
