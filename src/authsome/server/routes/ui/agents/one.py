"""One agent, and what it may use."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.connection.errors import ConnectionEnded, ConnectionMissing
from authsome.grant.create import create_grant
from authsome.grant.errors import IdentityNotYours
from authsome.grant.model import Grant
from authsome.grant.ports import GrantWork
from authsome.grant.remove import remove_grant
from authsome.identity.errors import IdentityEnded, IdentityMissing
from authsome.identity.model import Identity, IdentityState
from authsome.kit.errors import AuthsomeError
from authsome.server.forms import Fields, refused
from authsome.server.routes.ui.agents.listing import STATES, AgentView, name_of
from authsome.server.routes.ui.connected.listing import choices_of
from authsome.server.visit import REFUSALS, SignedIn, SignedInForm, SignedInVisit, confirmed, go
from authsome.server.web import pages, paths
from authsome.server.web.pages import AgentPage, ConnectionChoice, Form

router = APIRouter(include_in_schema=False)

ADDRESS = f"{paths.AGENTS}/{{handle}}"
NOTICES = {
    "granted": "The grants are saved. They hold from the next request on.",
    "revoked": "The agent is revoked. Its next request is refused, and its key is never taken again.",
}
_HANDLE = re.compile(r"[a-z0-9-]{1,100}")


@dataclass(frozen=True, slots=True)
class Seen:
    """An agent, the name of its owner, and its live grants by connection."""

    identity: Identity
    owner: str | None
    grants: dict[str, Grant]

    @property
    def owner_id(self) -> str:
        return self.identity.principal_id or ""


@router.get(ADDRESS)
async def show(handle: str, visit: SignedIn, done: str = "") -> Response:
    """The agent, for its principal, who can change its grants, and for admins, who can look."""
    return visit.show(await page_of(visit, await see(visit, handle)), notice=NOTICES.get(done))


@router.post(ADDRESS)
async def change_grants(handle: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Grant what is ticked and was not, take away what was shown and is not ticked any more."""
    seen = await see(visit, handle)
    ticked = fields.all("connection")
    page = _page(visit, seen, choices=_marked(await choices_of(visit, seen.owner_id), ticked))
    form = page.form
    if form is None:
        raise IdentityNotYours

    def again(error: AuthsomeError, at: str | None = None) -> Response:
        return visit.show(replace(page, form=refused(form, error, at=at)), error=error)

    try:
        caller = await confirmed(visit, fields)
    except REFUSALS as error:
        return again(error, "password")
    try:
        await visit.runtime.store.write(
            caller, lambda work: _change(work, seen.identity.id, ticked=ticked, shown=_shown(fields))
        )
    except (ConnectionMissing, ConnectionEnded, IdentityEnded) as error:
        return again(error)
    return go(f"{paths.agent(handle)}?done=granted")


def _change(work: GrantWork, identity_id: str, *, ticked: Collection[str], shown: Collection[str]) -> None:
    """A grant made elsewhere since the page was opened was not shown there, so it stays."""
    identity = work.identities.find(identity_id)
    if identity is None:
        raise IdentityMissing
    for grant in work.grants.list_live(identity_id=identity.id):
        if grant.connection_id in shown and grant.connection_id not in ticked:
            remove_grant(work, grant_id=grant.id)
    for connection_id in dict.fromkeys(ticked):
        create_grant(work, identity=identity, connection_id=connection_id)


async def see(visit: SignedInVisit, handle: str) -> Seen:
    """Raises `IdentityMissing`, also for somebody else's agent unless an admin asks."""

    def look(view: AgentView) -> Seen:
        identity = view.identities.find_by_handle(handle) if _HANDLE.fullmatch(handle) else None
        if identity is None or not (visit.caller.is_admin or identity.principal_id == visit.principal.id):
            raise IdentityMissing
        if identity.state is IdentityState.ERASED:
            raise IdentityMissing
        owner = view.principals.find(identity.principal_id) if identity.principal_id else None
        live = view.grants.list_live(identity_id=identity.id)
        return Seen(identity, name_of(owner), {grant.connection_id: grant for grant in live})

    return await visit.runtime.store.read(look)


async def page_of(visit: SignedInVisit, seen: Seen) -> AgentPage:
    """The page as it is opened."""
    choices = await choices_of(visit, seen.owner_id)
    return _page(visit, seen, choices=_marked(choices, seen.grants))


def _page(visit: SignedInVisit, seen: Seen, *, choices: tuple[ConnectionChoice, ...]) -> AgentPage:
    identity = seen.identity
    is_claimed = identity.state is IdentityState.CLAIMED
    is_own = is_claimed and identity.principal_id == visit.principal.id
    offered = " ".join(choice.id for choice in choices)
    return AgentPage(
        handle=identity.handle,
        did=identity.did,
        label=identity.label,
        state=STATES[identity.state],
        owner=seen.owner,
        registered_at=identity.created_at,
        claimed_at=identity.claimed_at,
        grants=tuple(
            pages.Grant(
                provider=one.provider,
                connection=one.name,
                hosts=one.hosts,
                since=seen.grants[one.id].created_at,
            )
            for one in choices
            if one.id in seen.grants
        ),
        choices=choices if is_own else (),
        form=Form(action=paths.agent(identity.handle), hidden={"shown": offered}) if is_own else None,
        release=Form(action=paths.release(identity.handle)) if is_claimed else None,
        revoke=Form(action=paths.revoke(identity.handle)) if identity.may_be_revoked else None,
        erase=paths.erase_agent(identity.handle) if identity.principal_id == visit.principal.id else None,
    )


def _marked(choices: tuple[ConnectionChoice, ...], ids: Collection[str]) -> tuple[ConnectionChoice, ...]:
    return tuple(replace(one, chosen=one.id in ids) for one in choices)


def _shown(fields: Fields) -> list[str]:
    return fields.raw("shown").split()
