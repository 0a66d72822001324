"""Take a connection away from an identity."""

from __future__ import annotations

from dataclasses import replace

from authsome.connection.model import Connection
from authsome.grant.create import about
from authsome.grant.errors import GrantMissing
from authsome.grant.events import GrantRemoved
from authsome.grant.model import Grant
from authsome.grant.ports import GrantWork
from authsome.identity.model import Identity


def remove_grant(work: GrantWork, *, grant_id: str) -> Grant:
    """End a grant. A confirmed act of whoever gave it or owns the connection, whatever became of the rest.

    Raises `GrantMissing`, also for somebody else's and for one that was removed before.
    """
    principal_id = work.caller.require_confirmed()
    grant = work.grants.find(grant_id)
    connection = work.connections.find(grant.connection_id) if grant else None
    identity = work.identities.find(grant.identity_id) if grant else None
    if grant is None or connection is None or identity is None:
        raise GrantMissing
    if principal_id not in (grant.principal_id, connection.principal_id) or not grant.is_live:
        raise GrantMissing
    return end_grant(work, grant, identity=identity, connection=connection)


def remove_all_of(work: GrantWork, identity: Identity) -> None:
    """End every grant of an identity: part of its release and revocation, which have authorised it."""
    for grant in work.grants.list_live(identity_id=identity.id):
        connection = work.connections.find(grant.connection_id)
        assert connection is not None  # rows of connections are kept
        end_grant(work, grant, identity=identity, connection=connection)


def end_grant(work: GrantWork, grant: Grant, *, identity: Identity, connection: Connection) -> Grant:
    """Record the end of a live grant."""
    at = work.record(GrantRemoved(**about(grant, identity, connection=connection)))
    removed = replace(grant, ended_at=at)
    work.grants.update(removed)
    return removed
