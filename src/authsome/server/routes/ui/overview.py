"""The first page after signing in: how far one has come, how much there is, what happened lately."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.audit.recent import Happened, list_recent
from authsome.grant.access.find import list_open
from authsome.grant.access.ports import AccessWork
from authsome.identity.model import IdentityState
from authsome.run.ports import RunWork
from authsome.server.visit import SignedIn
from authsome.server.web import paths
from authsome.server.web.filters import count
from authsome.server.web.pages import Figure, Happening, OverviewPage, Steps

router = APIRouter(include_in_schema=False)

AT_MOST = 100


class OverviewView(AccessWork, RunWork, Protocol):
    """What the overview looks at."""


@dataclass(frozen=True, slots=True)
class Owned:
    """What a principal has; of a hundred and more it is only known that there are so many."""

    handles: list[str]
    connections: int
    grants: int
    ran: bool
    asking: int


@router.get(paths.OVERVIEW)
async def show(visit: SignedIn) -> Response:
    """The principal's own things."""
    principal_id, store = visit.principal.id, visit.runtime.store

    def look(view: OverviewView) -> Owned:
        agents = [
            one
            for one in view.identities.list(principal_id=principal_id, limit=AT_MOST)
            if one.state is IdentityState.CLAIMED
        ]
        grants = view.grants.count_by_identity([one.id for one in agents], now=view.now)
        return Owned(
            handles=[one.handle for one in agents],
            connections=len(view.connections.list_live(principal_id)),
            grants=sum(grants.values()),
            ran=bool(view.runs.list(principal_id=principal_id, limit=1)),
            asking=len(list_open(view, caller=visit.caller)),
        )

    owned = await store.read(look)
    recent = await list_recent(store, principal_id=principal_id, handles=owned.handles)
    page = OverviewPage(
        steps=Steps(
            onboarded=bool(owned.handles),
            connected=owned.connections > 0,
            granted=owned.grants > 0,
            ran=owned.ran,
        ),
        figures=_figures(owned),
        recent=tuple(_happening(fact) for fact in recent),
    )
    return visit.show(page)


def _figures(owned: Owned) -> tuple[Figure, ...]:
    agents = len(owned.handles)
    asking = Figure(name="Access requests", value=count(owned.asking), note="to decide", href=paths.ACCESS)
    return (
        Figure(name="Agents", value=_so_many(agents), href=paths.AGENTS),
        Figure(name="Connections", value=count(owned.connections), href=paths.CONNECTIONS),
        Figure(name="Grants", value=count(owned.grants), note="connections that agents may use"),
        *([asking] if owned.asking else []),
    )


def _so_many(number: int) -> str:
    return f"{count(number)}+" if number >= AT_MOST else count(number)


def _happening(fact: Happened) -> Happening:
    """The event's own name as words: there is one word per thing, and the audit says the same."""
    provider = fact.fields.get("custom_provider") or fact.fields.get("provider")
    about = fact.fields.get("identity_handle") or provider or ""
    return Happening(at=fact.at, text=fact.name.replace("_", " ").capitalize(), about=str(about))
