"""Let an identity use a connection."""

from __future__ import annotations

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
    """A live grant; the one that is there, where there is one. A confirmed act of the connection's owner.

    Raises `IdentityNotYours`, `ConnectionMissing` (also for somebody else's: that it exists is theirs to
    know) or `ConnectionEnded`.
    """
    principal_id = work.caller.require_confirmed()
    if identity.require_claimed() != principal_id:
        raise IdentityNotYours
    connection = work.connections.find(connection_id)
    if connection is None or connection.principal_id != principal_id:
        raise ConnectionMissing
    if not connection.is_live:
        raise ConnectionEnded
    present = work.grants.find_live(identity.id, connection.id)
    if present is not None:
        return present
    grant_id = work.new_id("grt")
    at = work.record(GrantCreated(**about(grant_id, identity, connection=connection)))
    grant = Grant(id=grant_id, identity_id=identity.id, connection_id=connection.id, created_at=at)
    work.grants.add(grant)
    return grant


def about(grant_id: str, identity: Identity, *, connection: Connection) -> dict[str, Any]:
    """The fields that every event of a grant has."""
    spoken_of = reported(connection.provider)
    return {
        "grant_id": grant_id,
        "principal_id": connection.principal_id,
        "identity_handle": identity.handle,
        "did": identity.did,
        "connection_id": connection.id,
        "provider": spoken_of.provider,
        "custom_provider": spoken_of.custom_provider,
    }
