"""What a principal has connected, and what others share with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from authsome.connection.model import BROKEN_WORDS, Connection, ConnectionState
from authsome.connection.revocation.lately import Ended, ended_lately
from authsome.grant.decide import within_reach
from authsome.grant.ports import GrantWork
from authsome.provider.find import list_providers
from authsome.provider.model import Provider
from authsome.server.forms import sentence
from authsome.server.visit import SignedIn, SignedInVisit
from authsome.server.web import paths
from authsome.server.web.pages import Badge, ConnectionChoice, ConnectionRow, ConnectionsPage, EndedRow, Tone

router = APIRouter(include_in_schema=False)

NOTICES = {
    "revoked": "The connection is revoked. No agent can use it from its next request on. What its provider"
    " says to that stands below.",
    "logged-out": "The connection is put away. Its secret is forgotten here; the provider still takes it.",
}
TONES = {
    ConnectionState.CONNECTED: Tone.GOOD,
    ConnectionState.NEEDS_RECONNECTION: Tone.BAD,
    ConnectionState.LOGGED_OUT: Tone.QUIET,
    ConnectionState.REVOKED: Tone.BAD,
}


@dataclass(frozen=True, slots=True)
class Held:
    """Live connections within a principal's reach, with what is shown beside them."""

    connections: list[Connection]
    providers: Mapping[str, Provider]
    agents: Mapping[str, int]


@router.get(paths.CONNECTIONS)
async def show(visit: SignedIn, done: str = "") -> Response:
    """The principal's live connections, and those that others share."""
    held = await held_by(visit, visit.principal.id)
    ended = await visit.runtime.store.read(lambda view: ended_lately(view, visit.principal.id))
    page = ConnectionsPage(
        connections=tuple(_row(held, one, visit.principal.id) for one in held.connections),
        ended=tuple(_ended(held, one) for one in ended),
    )
    return visit.show(page, notice=NOTICES.get(done))


async def held_by(visit: SignedInVisit, principal_id: str) -> Held:
    """What a principal's agents can be given. At most a few hundred, so all at once."""

    def look(view: GrantWork) -> Held:
        return beside(view, within_reach(view, principal_id), principal_id)

    return await visit.runtime.store.read(look)


def beside(view: GrantWork, connections: list[Connection], principal_id: str) -> Held:
    """The connections with what is shown beside them; of another's shared one, one's own agents count."""
    own = [one.id for one in connections if one.principal_id == principal_id]
    lent = [one.id for one in connections if one.principal_id != principal_id]
    agents = view.grants.count_by_connection(own, now=view.now)
    agents |= view.grants.count_by_connection(lent, now=view.now, principal_id=principal_id)
    return Held(connections, {provider.name: provider for provider in list_providers(view)}, agents)


async def choices_of(visit: SignedInVisit, principal_id: str) -> tuple[ConnectionChoice, ...]:
    """The live connections within a principal's reach as boxes to tick, none of them ticked."""
    held = await held_by(visit, principal_id)
    return tuple(choice(held.providers, one, principal_id) for one in held.connections)


def choice(providers: Mapping[str, Provider], one: Connection, principal_id: str) -> ConnectionChoice:
    """A connection within a principal's reach as a box to tick."""
    return ConnectionChoice(
        id=one.id,
        provider=display_name(providers, one.provider),
        name=one.name,
        hosts=hosts(providers, one.provider),
        is_lent=one.principal_id != principal_id,
    )


def display_name(providers: Mapping[str, Provider], name: str) -> str:
    """How people know a provider."""
    return providers[name].display_name if name in providers else name


def hosts(providers: Mapping[str, Provider], name: str) -> tuple[str, ...]:
    """Where a provider's key goes."""
    return tuple(str(host) for host in providers[name].hosts) if name in providers else ()


def badge(connection: Connection) -> Badge:
    """Its state in a word or two."""
    return Badge(text=connection.words, tone=TONES[connection.state])


def problem(connection: Connection) -> str:
    """Why it cannot be used, in a sentence; nothing where it can."""
    return sentence(BROKEN_WORDS[connection.reason]) if connection.reason else ""


def _row(held: Held, one: Connection, principal_id: str) -> ConnectionRow:
    return ConnectionRow(
        id=one.id,
        provider=display_name(held.providers, one.provider),
        name=one.name,
        state=badge(one),
        problem=problem(one),
        holder=one.holder,
        notes=tuple(_notes(one, is_own=one.principal_id == principal_id)),
        hosts=hosts(held.providers, one.provider),
        agents=held.agents.get(one.id, 0),
        created_at=one.created_at,
        first_used_at=one.first_used_at,
    )


def _ended(held: Held, one: Ended) -> EndedRow:
    connection = one.connection
    return EndedRow(
        provider=display_name(held.providers, connection.provider),
        name=connection.name,
        state=badge(connection),
        ended_at=connection.ended_at or connection.created_at,
        at_provider=one.words,
    )


def _notes(one: Connection, *, is_own: bool) -> list[str]:
    notes = ["the default"] if one.is_default and is_own else []
    if one.is_shared:
        notes.append("shared with everybody" if is_own else "shared by another")
    return notes
