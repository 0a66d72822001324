"""What a principal has connected, and how to end it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.connection.errors import ConnectionEnded, ConnectionMissing
from authsome.connection.model import BROKEN_WORDS, Connection, ConnectionState
from authsome.connection.revoke import revoke
from authsome.grant.ports import GrantWork
from authsome.provider.find import list_providers
from authsome.provider.model import Provider
from authsome.server.forms import refused, sentence
from authsome.server.visit import REFUSALS, SignedIn, SignedInForm, SignedInVisit, confirmed, go
from authsome.server.web import paths
from authsome.server.web.pages import (
    Badge,
    ConnectionChoice,
    ConnectionRow,
    ConnectionsPage,
    Form,
    Tone,
)

router = APIRouter(include_in_schema=False)

REVOKED = "revoked"
NOTICES = {REVOKED: "The connection is revoked. No agent can use it from its next request on."}
TONES = {
    ConnectionState.CONNECTED: Tone.GOOD,
    ConnectionState.NEEDS_RECONNECTION: Tone.BAD,
    ConnectionState.LOGGED_OUT: Tone.QUIET,
    ConnectionState.REVOKED: Tone.BAD,
}


@dataclass(frozen=True, slots=True)
class Held:
    """A principal's live connections, with what is shown beside them."""

    connections: list[Connection]
    providers: Mapping[str, Provider]
    agents: Mapping[str, int]


@router.get(paths.CONNECTIONS)
async def show(visit: SignedIn, done: str = "") -> Response:
    """The principal's live connections."""
    return visit.show(_page(await _own(visit), _form()), notice=NOTICES.get(done))


@router.post(paths.CONNECTIONS)
async def end(visit: SignedIn, fields: SignedInForm) -> Response:
    """Revoke one of them."""
    form = replace(_form(), sent=fields.again("connection"))
    try:
        caller = await confirmed(visit, fields)
    except REFUSALS as error:
        return visit.show(_page(await _own(visit), refused(form, error, at="password")), error=error)
    connection_id = fields.text("connection")
    try:
        await visit.runtime.store.write(caller, lambda work: revoke(work, connection_id=connection_id))
    except (ConnectionMissing, ConnectionEnded) as error:
        return visit.show(_page(await _own(visit), refused(form, error)), error=error)
    return go(f"{paths.CONNECTIONS}?done={REVOKED}")


async def held_by(visit: SignedInVisit, principal_id: str) -> Held:
    """What a principal has connected. At most a few hundred, so all at once."""

    def look(view: GrantWork) -> Held:
        live = view.connections.list_live(principal_id)
        providers = {provider.name: provider for provider in list_providers(view)}
        return Held(live, providers, view.grants.count_by_connection([one.id for one in live]))

    return await visit.runtime.store.read(look)


async def choices_of(visit: SignedInVisit, principal_id: str) -> tuple[ConnectionChoice, ...]:
    """A principal's live connections as boxes to tick, none of them ticked."""
    held = await held_by(visit, principal_id)
    return tuple(
        ConnectionChoice(
            id=one.id,
            provider=display_name(held.providers, one.provider),
            name=one.name,
            hosts=hosts(held.providers, one.provider),
        )
        for one in held.connections
    )


def display_name(providers: Mapping[str, Provider], name: str) -> str:
    """How people know a provider."""
    return providers[name].display_name if name in providers else name


def hosts(providers: Mapping[str, Provider], name: str) -> tuple[str, ...]:
    """Where a provider's key goes."""
    return tuple(str(host) for host in providers[name].hosts) if name in providers else ()


async def _own(visit: SignedInVisit) -> Held:
    return await held_by(visit, visit.principal.id)


def _page(held: Held, form: Form) -> ConnectionsPage:
    rows = tuple(
        ConnectionRow(
            id=one.id,
            provider=display_name(held.providers, one.provider),
            name=one.name,
            state=Badge(text=one.words, tone=TONES[one.state]),
            problem=sentence(BROKEN_WORDS[one.reason]) if one.reason else "",
            again=f"authsome login {one.provider} --connection {one.name}",
            hosts=hosts(held.providers, one.provider),
            agents=held.agents.get(one.id, 0),
            created_at=one.created_at,
            first_used_at=one.first_used_at,
        )
        for one in held.connections
    )
    return ConnectionsPage(connections=rows, revoke=form)


def _form() -> Form:
    return Form(action=paths.CONNECTIONS)
