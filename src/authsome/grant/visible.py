"""Who sees which connections and grants, and what an identity can reach."""

from __future__ import annotations

from dataclasses import dataclass

from authsome.connection.model import Connection
from authsome.grant.decide import standing_of
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
    """The live connections of the caller's principal; an identity sees those that are granted to it."""
    mine = view.connections.list_live(caller.principal_id) if caller.principal_id else []
    if caller.kind is ActorKind.PRINCIPAL:
        return mine
    granted = {grant.connection_id for grant in view.grants.list_live(identity_id=caller.identity_id or "")}
    return [connection for connection in mine if connection.id in granted]


def visible_grants(view: GrantWork, *, caller: Caller) -> list[GrantSeen]:
    """The live grants of the connections that the caller sees; an identity sees its own only."""
    seen: list[GrantSeen] = []
    for connection in visible_connections(view, caller=caller):
        for grant in view.grants.list_live(connection_id=connection.id):
            identity = view.identities.find(grant.identity_id)
            mine = caller.kind is ActorKind.PRINCIPAL or grant.identity_id == caller.identity_id
            if identity is not None and mine:
                seen.append(GrantSeen(grant, identity, connection))
    return seen


def reachable_hosts(view: GrantWork, *, identity: Identity) -> list[HostPattern]:
    """The hosts of the providers that an identity's live grants are for."""
    standing = standing_of(view, identity)
    granted = {grant.connection_id for grant in standing.grants}
    names = {connection.provider for connection in standing.connections if connection.id in granted}
    return [
        pattern for provider in standing.providers if provider.name in names for pattern in provider.hosts
    ]
