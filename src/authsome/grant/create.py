"""Let an identity use a connection."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from authsome.connection.errors import ConnectionEnded, ConnectionMissing
from authsome.connection.model import Connection
from authsome.grant.errors import IdentityNotYours
from authsome.grant.events import GrantCreated
from authsome.grant.model import Grant
from authsome.grant.ports import GrantWork
from authsome.identity.model import Identity
from authsome.provider.catalogue import reported


def create_grant(work: GrantWork, *, identity: Identity, connection_id: str) -> Grant:
    """A live grant; the one that is there, where there is one. A confirmed act of the identity's principal,
    for a connection of their own or one that is shared.

    Raises `IdentityNotYours`, `ConnectionMissing` (also for somebody else's: that it exists is theirs to
    know) or `ConnectionEnded`.
    """
    principal_id = work.caller.require_confirmed()
    if identity.require_claimed() != principal_id:
        raise IdentityNotYours
    connection = work.connections.find(connection_id)
    if connection is None or not is_within_reach(connection, principal_id):
        raise ConnectionMissing
    if not connection.is_live:
        raise ConnectionEnded
    present = work.grants.find_live(identity.id, connection.id)
    if present is not None:
        return present
    grant = Grant(
        id=work.new_id("grt"),
        identity_id=identity.id,
        connection_id=connection.id,
        principal_id=principal_id,
        created_at=work.now,
    )
    at = work.record(GrantCreated(**about(grant, identity, connection=connection)))
    made = replace(grant, created_at=at)
    work.grants.add(made)
    return made


def is_within_reach(connection: Connection, principal_id: str) -> bool:
    """Whether a principal may give it to their agents: it is theirs, or shared."""
    return connection.principal_id == principal_id or connection.is_shared


def about(grant: Grant, identity: Identity, *, connection: Connection) -> dict[str, Any]:
    """The fields that every event of a grant has."""
    spoken_of = reported(connection.provider)
    return {
        "grant_id": grant.id,
        "principal_id": grant.principal_id,
        "identity_handle": identity.handle,
        "did": identity.did,
        "connection_id": connection.id,
        "provider": spoken_of.provider,
        "custom_provider": spoken_of.custom_provider,
    }
