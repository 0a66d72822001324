"""Telemetry, for those who run the server: its state, and what would leave."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from authsome.runtime.telemetry import telemetry_preview, telemetry_status
from authsome.server.callers import ActingAdmin
from authsome.server.state import Rt

router = APIRouter(prefix="/telemetry", tags=["telemetry"])


@router.get("/status")
async def status(runtime: Rt, _admin: ActingAdmin) -> dict[str, Any]:
    """Mode and why, since when, lag, last answer, dead letters, drops."""
    return await telemetry_status(runtime)


@router.get("/preview")
async def preview(runtime: Rt, _admin: ActingAdmin) -> dict[str, Any]:
    """The exact bytes that the next request to PostHog would carry, but for the key."""
    return await telemetry_preview(runtime)
