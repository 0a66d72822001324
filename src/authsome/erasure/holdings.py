"""What somebody holds, and would lose: for the page that asks, and for the receipt."""

from __future__ import annotations

from dataclasses import dataclass

from authsome.connection.model import Connection
from authsome.erasure.ports import ErasureWork
from authsome.grant.model import Grant
from authsome.identity.model import Identity

PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """All that ends with the subject. `others` are identities of somebody else that use its connections."""

    identities: tuple[Identity, ...] = ()
    connections: tuple[Connection, ...] = ()
    grants: tuple[Grant, ...] = ()
    others: tuple[Identity, ...] = ()
    sessions: int = 0
    runs: int = 0
    auth_sessions: int = 0


def holdings_of_principal(view: ErasureWork, principal_id: str) -> Holdings:
    """A principal's, with those of all their identities."""
    identities = list_identities(view, principal_id)
    connections = view.connections.list_live(principal_id)
    grants = {grant.id: grant for one in identities for grant in view.grants.list_live(identity_id=one.id)}
    for connection in connections:
        grants |= {grant.id: grant for grant in view.grants.list_live(connection_id=connection.id)}
    own = {one.id for one in identities}
    foreign = sorted({grant.identity_id for grant in grants.values()} - own)
    return Holdings(
        identities=tuple(identities),
        connections=tuple(connections),
        grants=tuple(grants.values()),
        others=tuple(one for one in map(view.identities.find, foreign) if one is not None),
        sessions=len(view.sessions.list_live(principal_id, view.now)),
        runs=sum(len(view.runs.list_live_of(one.id)) for one in identities),
        auth_sessions=len(view.auth_sessions.list_open_for(principal_id)),
    )


def holdings_of_identity(view: ErasureWork, identity: Identity) -> Holdings:
    """An identity's own."""
    return Holdings(
        identities=(identity,),
        grants=tuple(view.grants.list_live(identity_id=identity.id)),
        runs=len(view.runs.list_live_of(identity.id)),
        auth_sessions=len(view.auth_sessions.list_open_of(identity.id, identity.principal_id or "")),
    )


def list_identities(view: ErasureWork, principal_id: str) -> list[Identity]:
    """Every identity that is a principal's, also the revoked ones."""
    found = page = view.identities.list(principal_id=principal_id, limit=PAGE)
    while len(page) == PAGE:
        page = view.identities.list(principal_id=principal_id, after=page[-1].id, limit=PAGE)
        found = found + page
    return found
