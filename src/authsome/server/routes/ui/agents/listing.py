"""The agents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.grant.access.find import list_open
from authsome.grant.access.ports import AccessWork
from authsome.identity.model import Identity, IdentityState
from authsome.principal.model import Principal
from authsome.principal.ports import PrincipalWork
from authsome.server.forms import id_or_nothing
from authsome.server.visit import SignedIn
from authsome.server.web import paths
from authsome.server.web.pages import AgentRow, AgentsPage, Badge, Tone

router = APIRouter(include_in_schema=False)

AT_ONCE = 100
STATES = {
    IdentityState.PENDING: Badge(text="waits for a claim", tone=Tone.WAIT),
    IdentityState.CLAIMED: Badge(text="claimed", tone=Tone.GOOD),
    IdentityState.REJECTED: Badge(text="rejected", tone=Tone.BAD),
    IdentityState.RELEASED: Badge(text="released", tone=Tone.QUIET),
    IdentityState.REVOKED: Badge(text="revoked", tone=Tone.BAD),
    IdentityState.ERASED: Badge(text="erased", tone=Tone.QUIET),
}
NOTICES = {"released": "The agent is released. `authsome onboard` in its terminal asks anybody to claim it."}


class AgentView(AccessWork, PrincipalWork, Protocol):
    """What the pages about agents look at."""


@dataclass(frozen=True, slots=True)
class Found:
    """Some agents, with the names of their owners and how many connections each may use.

    `asking` is how many access requests the visitor has not decided.
    """

    identities: list[Identity]
    owners: dict[str, str]
    grants: dict[str, int]
    asking: int


@router.get(paths.AGENTS)
async def show(visit: SignedIn, after: str = "", done: str = "") -> Response:
    """A principal's own agents; an admin sees everybody's, and those that nobody has claimed."""
    owner_id = None if visit.caller.is_admin else visit.principal.id
    behind = id_or_nothing(after)

    def look(view: AgentView) -> Found:
        identities = view.identities.list(principal_id=owner_id, after=behind, limit=AT_ONCE)
        owners = {one.principal_id for one in identities if one.principal_id}
        return Found(
            identities,
            {owner: name_of(view.principals.find(owner)) or owner for owner in owners},
            view.grants.count_by_identity([one.id for one in identities], now=view.now),
            len(list_open(view, caller=visit.caller)),
        )

    found = await visit.runtime.store.read(look)
    is_full = len(found.identities) == AT_ONCE
    page = AgentsPage(
        agents=tuple(_row(found, one) for one in found.identities),
        show_owner=visit.caller.is_admin,
        asking=found.asking,
        more=f"{paths.AGENTS}?after={found.identities[-1].id}" if is_full else None,
    )
    return visit.show(page, notice=NOTICES.get(done))


def name_of(principal: Principal | None) -> str | None:
    """How a person is called on the pages."""
    return (principal.display_name or principal.email) if principal else None


def _row(found: Found, identity: Identity) -> AgentRow:
    return AgentRow(
        handle=identity.handle,
        label=identity.label,
        state=STATES[identity.state],
        owner=found.owners.get(identity.principal_id or ""),
        grants=found.grants.get(identity.id, 0),
        registered_at=identity.created_at,
    )
