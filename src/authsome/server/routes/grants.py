"""Grants: who may use what. Making and removing one is confirmed on a page, never here."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter

from authsome.grant.ports import GrantWork
from authsome.grant.visible import GrantSeen, visible_grants
from authsome.server.callers import Acting
from authsome.server.routes.body import Answer
from authsome.server.state import Rt

router = APIRouter(prefix="/api/grants", tags=["grants"])


class GrantOut(Answer):
    """A grant with both of its ends, and until when it lasts, if not until it is taken away."""

    id: str
    handle: str
    label: str | None
    connection_id: str
    provider: str
    connection_name: str
    created_at: datetime
    expires_at: datetime | None
    has_expired: bool


@router.get("")
async def list_all(runtime: Rt, caller: Acting) -> list[GrantOut]:
    """The grants of one's connections, also those that have run out; an identity sees its own that hold."""

    def look(view: GrantWork) -> list[GrantOut]:
        return [_out(seen, view.now) for seen in visible_grants(view, caller=caller)]

    return await runtime.store.read(look)


def _out(seen: GrantSeen, now: datetime) -> GrantOut:
    return GrantOut(
        id=seen.grant.id,
        handle=seen.identity.handle,
        label=seen.identity.label,
        connection_id=seen.connection.id,
        provider=seen.connection.provider,
        connection_name=seen.connection.name,
        created_at=seen.grant.created_at,
        expires_at=seen.grant.expires_at,
        has_expired=not seen.grant.holds(now),
    )
