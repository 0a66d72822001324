"""Who sees which connections and grants, and what an identity can reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from authsome.connection.model import Connection
from authsome.grant.decide import standing_of, within_reach
from authsome.grant.model import Grant
from authsome.grant.ports import GrantWork
from authsome.identity.model import Identity
from authsome.kit.caller import ActorKind, Caller
from authsome.provider.host import HostPattern


@dataclass(frozen=True, slots=True)
class GrantSeen:
    """A live grant with both of its ends."""

    grant: Grant
    identity: Identity
    connection: Connection


def visible_connections(view: GrantWork, *, caller: Caller) -> list[Connection]:
    """The live connections within reach of the caller's principal, their own first; an identity sees those
    that are granted to it.
    """
    reach = within_reach(view, caller.principal_id)
    if caller.kind is ActorKind.PRINCIPAL:
        return reach
    live = view.grants.list_live(identity_id=caller.identity_id or "")
    granted = {grant.connection_id for grant in live if grant.holds(view.now)}
    return [connection for connection in reach if connection.id in granted]


def visible_grants(view: GrantWork, *, caller: Caller) -> list[GrantSeen]:
    """The live grants that one gave, and others' of one's own connections; an identity sees its own."""
    connections = {one.id: one for one in visible_connections(view, caller=caller)}
    seen: list[GrantSeen] = []
    for grant in _grants_of(view, caller, connections.values()):
        identity = view.identities.find(grant.identity_id)
        if identity is not None and grant.connection_id in connections:
            seen.append(GrantSeen(grant, identity, connections[grant.connection_id]))
    return seen


def _grants_of(view: GrantWork, caller: Caller, connections: Iterable[Connection]) -> list[Grant]:
    """Others' grants are looked for where there can be any, and of nobody else's shared connections."""
    if caller.kind is ActorKind.IDENTITY:
        return view.grants.list_live(identity_id=caller.identity_id or "")
    own = view.grants.list_live(principal_id=caller.principal_id or "")
    others = [
        grant
        for one in connections
        if one.is_shared and one.principal_id == caller.principal_id
        for grant in view.grants.list_live(connection_id=one.id)
        if grant.principal_id != caller.principal_id
    ]
    return own + others


def reachable_hosts(view: GrantWork, *, identity: Identity) -> list[HostPattern]:
    """The hosts of the providers that an identity's live grants are for."""
    standing = standing_of(view, identity)
    granted = {grant.connection_id for grant in standing.grants if grant.holds(standing.now)}
    names = {connection.provider for connection in standing.connections if connection.id in granted}
    return [
        pattern for provider in standing.providers if provider.name in names for pattern in provider.hosts
    ]
