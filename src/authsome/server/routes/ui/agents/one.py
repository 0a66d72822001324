"""One agent, and what it may use."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from fastapi import APIRouter, Query
from fastapi.responses import Response

from authsome.connection.errors import ConnectionEnded, ConnectionMissing
from authsome.grant.create import create_grant
from authsome.grant.errors import GrantLengthInvalid, IdentityNotYours
from authsome.grant.model import Grant
from authsome.grant.ports import GrantWork
from authsome.grant.remove import remove_grant
from authsome.identity.errors import IdentityEnded, IdentityMissing
from authsome.identity.model import Identity, IdentityState
from authsome.kit.errors import AuthsomeError
from authsome.server.forms import refused
from authsome.server.routes.ui.agents.listing import STATES, AgentView, name_of
from authsome.server.routes.ui.connected.listing import choices_of
from authsome.server.routes.ui.granting.lengths import FIELD, from_address, lengths, sent
from authsome.server.visit import REFUSALS, SignedIn, SignedInForm, SignedInVisit, confirmed, go
from authsome.server.web import pages, paths
from authsome.server.web.pages import AgentPage, ConnectionChoice, Form

router = APIRouter(include_in_schema=False)

ADDRESS = f"{paths.AGENTS}/{{handle}}"
NOTICES = {
    "granted": "The grants are saved. They hold from the next request on.",
    "changed": "It is saved how long the grant lasts.",
    "revoked": "The agent is revoked. Its next request is refused, and its key is never taken again.",
}
_HANDLE = re.compile(r"[a-z0-9-]{1,100}")


@dataclass(frozen=True, slots=True)
class Seen:
    """An agent, the name of its owner, and its live grants by connection, also those that have run out."""

    identity: Identity
    owner: str | None
    grants: dict[str, Grant]
    now: datetime

    @property
    def owner_id(self) -> str:
        return self.identity.principal_id or ""

    @property
    def granted(self) -> list[str]:
        """The connections that it may use now."""
        return [one for one, grant in self.grants.items() if grant.holds(self.now)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is ticked, what the page had shown, and how long new grants last."""

    ticked: Collection[str]
    shown: Collection[str]
    lasting: timedelta | None


@router.get(ADDRESS)
async def show(
    handle: str, visit: SignedIn, *, done: str = "", wanted: str = Query("", alias="for")
) -> Response:
    """The agent, for its principal, who can change its grants, and for admins, who can look.

    A link may propose how long new grants last; it ticks nothing.
    """
    page = await page_of(visit, await see(visit, handle), lasting=from_address(wanted))
    return visit.show(page, notice=NOTICES.get(done))


@router.post(ADDRESS)
async def change_grants(handle: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Grant what is ticked and was not, take away what was shown and is not ticked any more."""
    seen = await see(visit, handle)
    ticked = fields.all("connection")
    choices = _marked(await choices_of(visit, seen.owner_id), ticked)
    page = _page(visit, seen, choices=choices, lasting=from_address(fields.text(FIELD)))
    form = page.form
    if form is None:
        raise IdentityNotYours

    def again(error: AuthsomeError, at: str | None = None) -> Response:
        return visit.show(replace(page, form=refused(form, error, at=at)), error=error)

    try:
        asked = Asked(ticked=ticked, shown=fields.raw("shown").split(), lasting=sent(fields))
        caller = await confirmed(visit, fields)
    except GrantLengthInvalid as error:
        return again(error, FIELD)
    except REFUSALS as error:
        return again(error, "password")
    try:
        await visit.runtime.store.write(caller, lambda work: _change(work, seen.identity.id, asked))
    except (ConnectionMissing, ConnectionEnded, IdentityEnded) as error:
        return again(error)
    return go(f"{paths.agent(handle)}?done=granted")


def _change(work: GrantWork, identity_id: str, asked: Asked) -> None:
    """A grant made elsewhere since the page was opened was not shown there, so it stays."""
    identity = work.identities.find(identity_id)
    if identity is None:
        raise IdentityMissing
    for grant in work.grants.list_live(identity_id=identity.id):
        is_shown = grant.connection_id in asked.shown and grant.holds(work.now)
        if is_shown and grant.connection_id not in asked.ticked:
            remove_grant(work, grant_id=grant.id)
    for connection_id in dict.fromkeys(asked.ticked):
        create_grant(work, identity=identity, connection_id=connection_id, lasting=asked.lasting)


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
        return Seen(identity, name_of(owner), {grant.connection_id: grant for grant in live}, view.now)

    return await visit.runtime.store.read(look)


async def page_of(visit: SignedInVisit, seen: Seen, *, lasting: str = "") -> AgentPage:
    """The page as it is opened."""
    choices = _marked(await choices_of(visit, seen.owner_id), seen.granted)
    return _page(visit, seen, choices=choices, lasting=lasting)


def _page(
    visit: SignedInVisit, seen: Seen, *, choices: tuple[ConnectionChoice, ...], lasting: str
) -> AgentPage:
    identity = seen.identity
    is_claimed = identity.state is IdentityState.CLAIMED
    is_own = is_claimed and identity.principal_id == visit.principal.id
    offered = " ".join(choice.id for choice in choices)
    form = Form(action=paths.agent(identity.handle), hidden={"shown": offered}, sent={FIELD: lasting})
    return AgentPage(
        handle=identity.handle,
        did=identity.did,
        label=identity.label,
        state=STATES[identity.state],
        owner=seen.owner,
        registered_at=identity.created_at,
        claimed_at=identity.claimed_at,
        grants=tuple(_granted(seen, one, is_own=is_own) for one in choices if one.id in seen.grants),
        choices=choices if is_own else (),
        lengths=lengths(chosen=lasting),
        form=form if is_own else None,
        release=Form(action=paths.release(identity.handle)) if is_claimed else None,
        revoke=Form(action=paths.revoke(identity.handle)) if identity.may_be_revoked else None,
        erase=paths.erase_agent(identity.handle) if identity.principal_id == visit.principal.id else None,
    )


def _marked(choices: tuple[ConnectionChoice, ...], ids: Collection[str]) -> tuple[ConnectionChoice, ...]:
    return tuple(replace(one, chosen=one.id in ids) for one in choices)


def _granted(seen: Seen, one: ConnectionChoice, *, is_own: bool) -> pages.Grant:
    grant = seen.grants[one.id]
    return pages.Grant(
        provider=one.provider,
        connection=one.name,
        hosts=one.hosts,
        since=grant.created_at,
        until=grant.expires_at,
        has_run_out=not grant.holds(seen.now),
        change=paths.grant(seen.identity.handle, grant.id) if is_own else None,
    )
