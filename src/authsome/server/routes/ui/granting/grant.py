"""How long one grant lasts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import APIRouter, Query
from fastapi.responses import Response

from authsome.connection.model import Connection
from authsome.grant.change import change_grant
from authsome.grant.create import is_within_reach
from authsome.grant.errors import GrantLengthInvalid, GrantMissing
from authsome.grant.model import Grant
from authsome.grant.ports import GrantWork
from authsome.grant.remove import remove_grant
from authsome.provider.find import list_providers
from authsome.provider.model import Provider
from authsome.server.forms import id_or_nothing, refused
from authsome.server.routes.ui.agents.one import ADDRESS as AGENT
from authsome.server.routes.ui.agents.one import see
from authsome.server.routes.ui.connected.listing import display_name, hosts
from authsome.server.routes.ui.granting.lengths import FIELD, from_address, lengths, sent
from authsome.server.visit import REFUSALS, SignedIn, SignedInForm, SignedInVisit, confirmed, go
from authsome.server.web import paths
from authsome.server.web.pages import Form, GrantPage

router = APIRouter(include_in_schema=False)

ADDRESS = f"{AGENT}/grants/{{grant_id}}"


@dataclass(frozen=True, slots=True)
class Given:
    """A grant that its giver may change, with what is shown beside it."""

    grant: Grant
    connection: Connection
    providers: dict[str, Provider]
    now: datetime


@router.get(ADDRESS)
async def show(
    handle: str, grant_id: str, visit: SignedIn, *, wanted: str = Query("", alias="for")
) -> Response:
    """The grant, for whoever gave it. A link may propose how long."""
    return visit.show(_page(handle, await _see(visit, handle, grant_id), chosen=from_address(wanted)))


@router.post(ADDRESS)
async def change(handle: str, grant_id: str, visit: SignedIn, *, fields: SignedInForm) -> Response:
    """Make it last so long from now on, or take it away: also one that has run out, which is not ticked."""
    given = await _see(visit, handle, grant_id)
    page, found = _page(handle, given, chosen=from_address(fields.text(FIELD))), given.grant.id
    try:
        lasting = sent(fields)
        caller = await confirmed(visit, fields)
        if fields.raw("decision") == "remove":
            await visit.runtime.store.write(caller, lambda work: remove_grant(work, grant_id=found))
            return go(f"{paths.agent(handle)}?done=granted")
        await visit.runtime.store.write(
            caller, lambda work: change_grant(work, grant_id=found, lasting=lasting)
        )
    except REFUSALS as error:
        return visit.show(replace(page, form=refused(page.form, error, at="password")), error=error)
    except GrantLengthInvalid as error:
        return visit.show(replace(page, form=refused(page.form, error, at=FIELD)), error=error)
    return go(f"{paths.agent(handle)}?done=changed")


async def _see(visit: SignedInVisit, handle: str, grant_id: str) -> Given:
    """Raises `IdentityMissing` or `GrantMissing`, also for somebody else's."""
    identity, wanted = (await see(visit, handle)).identity, id_or_nothing(grant_id)

    def look(view: GrantWork) -> Given:
        grant = view.grants.find(wanted)
        connection = view.connections.find(grant.connection_id) if grant else None
        if grant is None or connection is None or not (grant.is_live and connection.is_live):
            raise GrantMissing
        if grant.identity_id != identity.id or grant.principal_id != visit.principal.id:
            raise GrantMissing
        if not is_within_reach(connection, visit.principal.id):
            raise GrantMissing
        return Given(grant, connection, {one.name: one for one in list_providers(view)}, view.now)

    return await visit.runtime.store.read(look)


def _page(handle: str, given: Given, *, chosen: str) -> GrantPage:
    grant, connection = given.grant, given.connection
    return GrantPage(
        handle=handle,
        provider=display_name(given.providers, connection.provider),
        connection=connection.name,
        hosts=hosts(given.providers, connection.provider),
        since=grant.created_at,
        until=grant.expires_at,
        has_run_out=not grant.holds(given.now),
        lengths=lengths(chosen=chosen),
        form=Form(action=paths.grant(handle, grant.id), sent={FIELD: chosen}),
    )
