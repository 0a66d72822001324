"""The admin's page of numbers: the dashboard.

The numbers come from the runtime as plain values; a route may not ask analytics itself.
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.provider.find import list_providers
from authsome.runtime.analytics import Asked
from authsome.server.visit import Admin
from authsome.server.web import paths
from authsome.server.web.adoption import adoption_page
from authsome.server.web.pages import RANGES

router = APIRouter(include_in_schema=False)

USUAL_DAYS = 30


@router.get(paths.ANALYTICS)
async def analytics(visit: Admin, days: str = "") -> Response:
    """The adoption dashboard over one of the ranges; any other number means the usual one."""
    runtime = visit.runtime
    span = int(days) if days in {str(known) for known in RANGES} else USUAL_DAYS
    answer = await runtime.analytics.answer("adoption", Asked(days=span))
    known = await runtime.store.read(list_providers)
    names = {provider.name: provider.display_name for provider in known}
    return visit.show(adoption_page(answer, provider_names=names))
