"""Is it up?"""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter

from authsome import __version__
from authsome.runtime.telemetry import telemetry_health
from authsome.server.routes.body import Answer
from authsome.server.state import Rt

router = APIRouter(prefix="/api", tags=["health"])


class Lane(Answer):
    """Whether a lane moves: how many facts wait, whether sending is paused, how many were refused."""

    lag: int
    paused: bool
    dead_letters: int


class Telemetry(Lane):
    """The lane to PostHog with the mode, and the one to a file where there is one."""

    mode: str
    file: Lane | None


class Health(Answer):
    """Numbers only. Nothing in it says who or what is here."""

    status: Literal["ok"]
    version: str
    log_position: int
    telemetry: Telemetry


@router.get("/health", response_model=Health)
async def health(runtime: Rt) -> dict[str, Any]:
    """Answers once the database does, and says whether telemetry moves."""
    head = await runtime.store.read(lambda view: view.event_log.head())
    telemetry = await telemetry_health(runtime, head=head)
    return {"status": "ok", "version": __version__, "log_position": head, "telemetry": telemetry}
