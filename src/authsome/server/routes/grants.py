"""Grants: who may use what. Making and removing one is confirmed on a page, never here."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter

from authsome.grant.visible import GrantSeen, visible_grants
from authsome.server.callers import Acting
from authsome.server.routes.body import Answer
from authsome.server.state import Rt

router = APIRouter(prefix="/api/grants", tags=["grants"])


class GrantOut(Answer):
    """A live grant with both of its ends."""

    id: str
    handle: str
    label: str | None
    connection_id: str
    provider: str
    connection_name: str
    created_at: datetime


@router.get("")
async def list_all(runtime: Rt, caller: Acting) -> list[GrantOut]:
    """The live grants of one's connections; an identity sees its own."""
    found = await runtime.store.read(lambda view: visible_grants(view, caller=caller))
    return [_out(seen) for seen in found]


def _out(seen: GrantSeen) -> GrantOut:
    return GrantOut(
        id=seen.grant.id,
        handle=seen.identity.handle,
        label=seen.identity.label,
        connection_id=seen.connection.id,
        provider=seen.connection.provider,
        connection_name=seen.connection.name,
        created_at=seen.grant.created_at,
    )
