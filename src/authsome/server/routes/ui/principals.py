"""The people, for an admin: who is here, and letting in, changing and stopping them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.identity.ports import IdentityWork
from authsome.kit.caller import Caller
from authsome.kit.errors import AuthsomeError, InputInvalid
from authsome.principal.change_role import change_role, disable
from authsome.principal.errors import LastAdmin, PrincipalMissing
from authsome.principal.invite import invite, offer_reset
from authsome.principal.model import LINK_LIFE, LinkKind, Principal, PrincipalState, Role
from authsome.principal.ports import PrincipalWork
from authsome.server.forms import Fields, id_or_nothing, refused
from authsome.server.visit import REFUSALS, Admin, SignedInForm, SignedInVisit, confirmed, go
from authsome.server.web import paths
from authsome.server.web.pages import Badge, Form, OneTimeLink, PrincipalRow, PrincipalsPage, Tone

router = APIRouter(include_in_schema=False)

AT_ONCE = 100
INVITE, CHANGE = "invite", "change"
ROLES = {role.value: role for role in Role}
CHANGES = (*ROLES, "disable", "reset")
NOTICES = {
    "role": "The role is changed. It holds from their next request on.",
    "disabled": "The principal is disabled, and their sessions have ended.",
}
STATES = {
    PrincipalState.ACTIVE: Badge(text="active", tone=Tone.GOOD),
    PrincipalState.DISABLED: Badge(text="disabled", tone=Tone.QUIET),
    PrincipalState.ERASED: Badge(text="erased", tone=Tone.QUIET),
}


class PeopleView(PrincipalWork, IdentityWork, Protocol):
    """What the page looks at."""


@dataclass(frozen=True, slots=True)
class People:
    """Some principals, and how many agents each has."""

    principals: list[Principal]
    agents: dict[str, int]


@router.get(paths.PRINCIPALS)
async def show(
    visit: Admin, after: str = "", *, done: str = "", principal: str = "", change: str = ""
) -> Response:
    """Everybody, in the order in which they came; what a command wants changed is chosen already."""
    page, meant = await _page(visit, after=id_or_nothing(after)), id_or_nothing(principal)
    if meant and meant not in [one.id for one in page.principals]:
        # Sorts just before it. The form must not show somebody else as chosen.
        page = await _page(visit, after=meant[:-1])
    sent = {"principal": meant, "change": change if change in CHANGES else ""}
    return visit.show(replace(page, change=replace(page.change, sent=sent)), notice=NOTICES.get(done))


@router.post(paths.PRINCIPALS)
async def act(visit: Admin, fields: SignedInForm) -> Response:
    """Make a link, change a role or disable. The link is in this answer and nowhere else."""
    which = CHANGE if fields.raw("act") == CHANGE else INVITE
    try:
        caller = await confirmed(visit, fields)
        done = await (_change if which == CHANGE else _invite)(visit, caller, fields)
    except (*REFUSALS, InputInvalid, LastAdmin, PrincipalMissing) as error:
        return visit.show(_refused(await _page(visit), which, fields=fields, error=error), error=error)
    if isinstance(done, OneTimeLink):
        return visit.show(replace(await _page(visit), link=done))
    return go(f"{paths.PRINCIPALS}?done={done}")


def _refused(page: PrincipalsPage, which: str, *, fields: Fields, error: AuthsomeError) -> PrincipalsPage:
    at = "password" if isinstance(error, REFUSALS) else None
    sent = fields.again("role", "principal", "change")
    if which == CHANGE:
        return replace(page, change=refused(replace(page.change, sent=sent), error, at=at))
    return replace(page, invite=refused(replace(page.invite, sent=sent), error, at=at))


async def _invite(visit: SignedInVisit, caller: Caller, fields: Fields) -> OneTimeLink | str:
    role = ROLES.get(fields.raw("role"))
    if role is None:
        raise InputInvalid("choose a role for them")
    made, token = await visit.runtime.store.write(caller, lambda work: invite(work, role=role))
    return OneTimeLink(
        purpose=f"Invitation for a new {role.value}",
        url=f"{visit.base_url}/invitation/{token.reveal()}",
        expires_at=made.expires_at,
    )


async def _change(visit: SignedInVisit, caller: Caller, fields: Fields) -> OneTimeLink | str:
    principal_id, change = id_or_nothing(fields.raw("principal")), fields.raw("change")
    store = visit.runtime.store
    if change == "disable":
        await store.write(caller, lambda work: disable(work, principal_id=principal_id))
        return "disabled"
    if change in ROLES:
        role = ROLES[change]
        await store.write(caller, lambda work: change_role(work, principal_id=principal_id, role=role))
        return "role"
    if change != "reset":
        raise InputInvalid("choose what to change")
    token = await store.write(caller, lambda work: offer_reset(work, principal_id=principal_id))
    principal = await store.read(lambda view: view.principals.find(principal_id))
    return OneTimeLink(
        purpose=f"Reset link for {principal.email if principal else principal_id}",
        url=f"{visit.base_url}/reset/{token.reveal()}",
        expires_at=visit.runtime.clock.now() + LINK_LIFE[LinkKind.RESET],
    )


async def _page(visit: SignedInVisit, *, after: str = "") -> PrincipalsPage:
    def look(view: PeopleView) -> People:
        found = view.principals.list(after=after, limit=AT_ONCE)
        return People(found, view.identities.count_claimed([one.id for one in found]))

    people = await visit.runtime.store.read(look)
    is_full = len(people.principals) == AT_ONCE
    return PrincipalsPage(
        principals=tuple(_row(people, one) for one in people.principals),
        invite=Form(action=paths.PRINCIPALS, hidden={"act": INVITE}),
        change=Form(action=paths.PRINCIPALS, hidden={"act": CHANGE}),
        more=f"{paths.PRINCIPALS}?after={people.principals[-1].id}" if is_full else None,
    )


def _row(people: People, principal: Principal) -> PrincipalRow:
    return PrincipalRow(
        id=principal.id,
        email=principal.email,
        name=principal.display_name,
        role=principal.role.value,
        state=STATES[principal.state],
        agents=people.agents.get(principal.id, 0),
        registered_at=principal.created_at,
    )
