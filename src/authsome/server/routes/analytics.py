"""Who is using it, for admins: the dashboards as plain numbers. They come from the runtime, ready made."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from authsome.server.callers import ActingAdmin
from authsome.server.state import Rt

router = APIRouter(prefix="/api/analytics", tags=["analytics"])

MOST_DAYS = 730  # one number per line and day: enough for two years, and an answer below a megabyte


@router.get("/adoption")
async def adoption(
    runtime: Rt, _admin: ActingAdmin, since: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 90
) -> dict[str, Any]:
    """The adoption dashboard over the last `since` days, today included: what the page `/analytics` shows."""
    return (await runtime.analytics.adoption(since)).to_json()
