"""The pages on which a person or an agent is erased, and the receipts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.erasure.erase_identity import erase_identity
from authsome.erasure.erase_principal import erase_principal
from authsome.erasure.holdings import Holdings, holdings_of_identity, holdings_of_principal
from authsome.erasure.ports import ErasureWork
from authsome.identity.errors import IdentityMissing
from authsome.principal.errors import LastAdmin, PrincipalMissing
from authsome.principal.model import Principal, PrincipalState
from authsome.runtime.erasure.receipts import at_posthog, list_erasures, receipt_of
from authsome.server.forms import id_or_nothing, refused
from authsome.server.routes.ui.agents.one import ADDRESS as AGENT
from authsome.server.routes.ui.agents.one import see
from authsome.server.visit import (
    REFUSALS,
    Admin,
    SignedIn,
    SignedInForm,
    SignedInVisit,
    confirmed,
    cookie_name,
    drop_cookie,
    go,
    visit_of_stranger,
)
from authsome.server.web import paths
from authsome.server.web.pages import ErasePage, ErasuresPage, Form
from authsome.server.web.receipts import receipt

router = APIRouter(include_in_schema=False)

AT_ONCE = 50
PERSON = f"{paths.PRINCIPALS}/{{principal_id}}/erase"


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody, and all that would end."""

    principal: Principal
    holdings: Holdings


@router.get(paths.ERASE_ME)
async def mine(visit: SignedIn) -> Response:
    """The way there for whoever does not know their id."""
    return go(paths.erase_principal(visit.principal.id))


@router.get(paths.ERASURES)
async def receipts(visit: Admin, before: str = "") -> Response:
    """All receipts, the latest first."""
    told = await list_erasures(visit.runtime, before=id_or_nothing(before), limit=AT_ONCE)
    more = f"{paths.ERASURES}?before={told[-1]['id']}" if len(told) == AT_ONCE else None
    return visit.show(ErasuresPage(receipts=tuple(receipt(one) for one in told), more=more))


@router.get(PERSON)
async def ask_for_person(principal_id: str, visit: SignedIn) -> Response:
    """What would end with them; for an admin, or the person."""
    return visit.show(await _page_of_person(visit, await _see_person(visit, principal_id)))


@router.post(PERSON)
async def erase_person(principal_id: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Do it. Who erased themselves is signed out by it, and sees the receipt as a stranger does."""
    page = await _page_of_person(visit, await _see_person(visit, principal_id))
    assert page.form is not None
    try:
        caller = await confirmed(visit, fields)
        done = await visit.runtime.store.write(
            caller, lambda work: erase_principal(work, visit.runtime.keeper, principal_id=principal_id)
        )
    except REFUSALS as error:
        return visit.show(replace(page, form=refused(page.form, error, at="password")), error=error)
    except LastAdmin as error:
        return visit.show(replace(page, form=refused(page.form, error)), error=error)
    told = receipt(await receipt_of(visit.runtime, done))
    if not page.is_own:
        return visit.show(replace(page, form=None, receipt=told, back=paths.PRINCIPALS))
    stranger = visit_of_stranger(visit.request, visit.runtime)
    answer = stranger.show(replace(page, form=None, receipt=told, back=paths.LOG_IN))
    drop_cookie(answer, cookie_name(visit.base_url), base_url=visit.base_url)
    return answer


@router.get(f"{AGENT}/erase")
async def ask_for_agent(handle: str, visit: SignedIn) -> Response:
    """What would end with it; for whoever claimed it."""
    return visit.show((await _page_of_agent(visit, handle))[1])


@router.post(f"{AGENT}/erase")
async def erase_agent(handle: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Do it."""
    identity_id, page = await _page_of_agent(visit, handle)
    assert page.form is not None
    try:
        caller = await confirmed(visit, fields)
        done = await visit.runtime.store.write(
            caller, lambda work: erase_identity(work, identity_id=identity_id)
        )
    except REFUSALS as error:
        return visit.show(replace(page, form=refused(page.form, error, at="password")), error=error)
    told = receipt(await receipt_of(visit.runtime, done))
    return visit.show(replace(page, form=None, receipt=told, back=paths.AGENTS))


async def _see_person(visit: SignedInVisit, principal_id: str) -> Asked:
    """Raises `PrincipalMissing`, also for somebody else unless an admin asks."""
    wanted = id_or_nothing(principal_id)

    def look(view: ErasureWork) -> Asked:
        principal = view.principals.find(wanted)
        if principal is None or principal.state is PrincipalState.ERASED:
            raise PrincipalMissing
        return Asked(principal, holdings_of_principal(view, principal.id))

    if not (visit.caller.is_admin or wanted == visit.principal.id):
        raise PrincipalMissing
    return await visit.runtime.store.read(look)


async def _page_of_person(visit: SignedInVisit, asked: Asked) -> ErasePage:
    principal, held = asked.principal, asked.holdings
    is_own = principal.id == visit.principal.id
    return ErasePage(
        title="Erase yourself?" if is_own else "Erase this person?",
        name=principal.email,
        is_own=is_own,
        is_agent=False,
        agents=tuple(one.label or one.handle for one in held.identities),
        connections=tuple(one.reference for one in held.connections),
        others=tuple(one.handle for one in held.others),
        sessions=held.sessions,
        grants=len(held.grants),
        runs=held.runs,
        auth_sessions=held.auth_sessions,
        at_posthog=await at_posthog(visit.runtime),
        back=paths.PASSWORD if is_own else paths.PRINCIPALS,
        form=Form(action=paths.erase_principal(principal.id)),
    )


async def _page_of_agent(visit: SignedInVisit, handle: str) -> tuple[str, ErasePage]:
    """Raises `IdentityMissing`, also for an admin who does not own it."""
    identity = (await see(visit, handle)).identity
    if identity.principal_id != visit.principal.id:
        raise IdentityMissing
    held = await visit.runtime.store.read(lambda view: holdings_of_identity(view, identity))
    page = ErasePage(
        title="Erase this agent?",
        name=identity.handle,
        is_own=True,
        is_agent=True,
        grants=len(held.grants),
        runs=held.runs,
        auth_sessions=held.auth_sessions,
        at_posthog=await at_posthog(visit.runtime),
        back=paths.agent(identity.handle),
        form=Form(action=paths.erase_agent(identity.handle)),
    )
    return identity.id, page
