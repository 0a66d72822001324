"""What agents ask for: the list, and the page on which one is approved or denied."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.connection.errors import ConnectionEnded, ConnectionMissing
from authsome.connection.model import Connection
from authsome.grant.access.approve_access import approve_access
from authsome.grant.access.deny_access import deny_access
from authsome.grant.access.errors import AccessRequestGone
from authsome.grant.access.find import Asked, get_asked, list_open
from authsome.grant.access.model import AccessState
from authsome.grant.access.ports import AccessWork
from authsome.grant.decide import within_reach
from authsome.grant.errors import GrantLengthInvalid
from authsome.grant.lasting import spell_length
from authsome.kit.errors import AuthsomeError, InputInvalid
from authsome.provider.find import list_providers
from authsome.provider.model import Provider
from authsome.server.forms import Fields, id_or_nothing, refused
from authsome.server.routes.ui.connected.listing import choice, display_name, hosts
from authsome.server.routes.ui.granting.lengths import FIELD, from_address, lengths, sent, words
from authsome.server.visit import REFUSALS, SignedIn, SignedInForm, SignedInVisit, confirmed, go
from authsome.server.web import paths
from authsome.server.web.pages import AccessPage, AccessRequestPage, AccessRow, Form

router = APIRouter(include_in_schema=False)

ADDRESS = f"{paths.ACCESS}/{{request_id}}"
NOTICES = {
    "approved": "It is approved. The agent's next request passes.",
    "denied": "It is denied. The agent cannot ask for the same again for a day.",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """An open access request, with what its principal can answer it with."""

    asked: Asked
    reach: list[Connection]
    providers: dict[str, Provider]


@router.get(paths.ACCESS)
async def show_all(visit: SignedIn, done: str = "") -> Response:
    """What the visitor's agents ask for."""

    def look(view: AccessWork) -> tuple[list[Asked], dict[str, Provider]]:
        return list_open(view, caller=visit.caller), {one.name: one for one in list_providers(view)}

    found, providers = await visit.runtime.store.read(look)
    page = AccessPage(requests=tuple(_row(one, providers) for one in found))
    return visit.show(page, notice=NOTICES.get(done))


@router.get(ADDRESS)
async def show(request_id: str, visit: SignedIn) -> Response:
    """One that is open, for whoever is asked."""
    return visit.show(_page(visit, await _see(visit, request_id)))


@router.post(ADDRESS)
async def decide(request_id: str, visit: SignedIn, fields: SignedInForm) -> Response:
    """Approve it, with the password, or deny it."""
    seen, decision = await _see(visit, request_id), fields.raw("decision")
    found = seen.asked.request.id
    if decision == "deny":
        await visit.runtime.store.write(visit.caller, lambda work: deny_access(work, request_id=found))
        return go(f"{paths.ACCESS}?done=denied")
    page = _page(visit, seen, fields=fields)

    def again(error: AuthsomeError, at: str | None = None) -> Response:
        return visit.show(replace(page, form=refused(page.form, error, at=at)), error=error)

    if decision != "approve":
        return again(InputInvalid("choose to approve or to deny it"))
    try:
        lasting = sent(fields)
        caller = await confirmed(visit, fields)
        await visit.runtime.store.write(
            caller,
            lambda work: approve_access(
                work, request_id=found, connection_id=fields.text("connection"), lasting=lasting
            ),
        )
    except REFUSALS as error:
        return again(error, "password")
    except GrantLengthInvalid as error:
        return again(error, FIELD)
    except (ConnectionMissing, ConnectionEnded) as error:
        return again(error)
    return go(f"{paths.ACCESS}?done=approved")


async def _see(visit: SignedInVisit, request_id: str) -> Seen:
    """Raises `AccessRequestMissing`, also for somebody else's, or `AccessRequestGone`."""
    wanted = id_or_nothing(request_id)

    def look(view: AccessWork) -> Seen:
        asked = get_asked(view, caller=visit.caller, request_id=wanted)
        if asked.state is not AccessState.OPEN:
            raise AccessRequestGone
        reach = within_reach(view, visit.principal.id, provider=asked.request.provider)
        return Seen(asked, reach, {one.name: one for one in list_providers(view)})

    return await visit.runtime.store.read(look)


def _row(asked: Asked, providers: dict[str, Provider]) -> AccessRow:
    request = asked.request
    return AccessRow(
        handle=asked.identity.handle,
        provider=display_name(providers, request.provider),
        wanted=request.connection_name,
        lasting=words(request.lasting),
        note=request.note,
        asked_at=request.created_at,
        href=paths.access_request(request.id),
    )


def _page(visit: SignedInVisit, seen: Seen, *, fields: Fields | None = None) -> AccessRequestPage:
    """As it is opened, what was asked for is chosen already; as it was sent, what was chosen then."""
    request, identity = seen.asked.request, seen.asked.identity
    chosen = spell_length(request.lasting) if request.lasting else ""
    meant = _meant(seen) if fields is None else fields.text("connection")
    if fields is not None:
        chosen = from_address(fields.text(FIELD))
    return AccessRequestPage(
        handle=identity.handle,
        did=identity.did,
        label=identity.label,
        provider=display_name(seen.providers, request.provider),
        provider_name=request.provider,
        hosts=hosts(seen.providers, request.provider),
        wanted=request.connection_name,
        is_there=any(one.name == request.connection_name for one in seen.reach),
        lasting=words(request.lasting),
        note=request.note,
        asked_at=request.created_at,
        expires_at=request.expires_at,
        choices=tuple(
            replace(choice(seen.providers, one, visit.principal.id), chosen=one.id == meant)
            for one in seen.reach
        ),
        lengths=lengths(chosen=chosen),
        form=Form(action=paths.access_request(request.id), sent={FIELD: chosen}),
    )


def _meant(seen: Seen) -> str:
    """The connection that it asks for by name; without a name, the only one there is."""
    wanted = seen.asked.request.connection_name
    found = [one for one in seen.reach if wanted in (None, one.name)]
    return found[0].id if len(found) == 1 else ""
