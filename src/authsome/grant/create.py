"""Let an identity use a connection."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from authsome.connection.errors import ConnectionEnded, ConnectionMissing
from authsome.connection.model import Connection
from authsome.grant.errors import IdentityNotYours
from authsome.grant.events import GrantChanged, GrantCreated
from authsome.grant.lasting import end_of, seconds_of
from authsome.grant.model import Grant
from authsome.grant.ports import GrantWork
from authsome.identity.model import Identity
from authsome.provider.catalogue import spoken_of


def create_grant(
    work: GrantWork, *, identity: Identity, connection_id: str, lasting: timedelta | None = None
) -> Grant:
    """A grant that holds, for as long as `lasting`, or until it is taken away; the one that is there, as it
    is, where there is one. A confirmed act of the identity's principal, for a connection of their own or one
    that is shared. One that had run out is made to last again.

    Raises `IdentityNotYours`, `ConnectionMissing` (also for somebody else's: that it exists is theirs to
    know) or `ConnectionEnded`.
    """
    connection = may_give(work, identity, connection_id)
    present = work.grants.find_live(identity.id, connection.id)
    if present is not None:
        if present.holds(work.now):
            return present
        return make_last(work, present, lasting, identity=identity, connection=connection)
    grant = Grant(
        id=work.new_id("grt"),
        identity_id=identity.id,
        connection_id=connection.id,
        principal_id=work.caller.require_confirmed(),
        created_at=work.now,
    )
    at = work.record(
        GrantCreated(**about(grant, identity, connection=connection), lasts_seconds=seconds_of(lasting))
    )
    until = end_of(at, lasting)
    made = replace(grant, created_at=at, expires_at=until, given_until=until)
    work.grants.add(made)
    return made


def may_give(work: GrantWork, identity: Identity, connection_id: str) -> Connection:
    """The connection, if the confirmed caller may let this identity use it. Raises as `create_grant` does."""
    principal_id = work.caller.require_confirmed()
    if identity.require_claimed() != principal_id:
        raise IdentityNotYours
    connection = work.connections.find(connection_id)
    if connection is None or not is_within_reach(connection, principal_id):
        raise ConnectionMissing
    if not connection.is_live:
        raise ConnectionEnded
    return connection


def make_last(
    work: GrantWork, grant: Grant, lasting: timedelta | None, *, identity: Identity, connection: Connection
) -> Grant:
    """Record that a live grant lasts so long from now on. The caller has authorised it."""
    at = work.record(
        GrantChanged(
            **about(grant, identity, connection=connection),
            lasts_seconds=seconds_of(lasting),
            had_run_out=not grant.holds(work.now),
        )
    )
    changed = replace(grant, expires_at=end_of(at, lasting))
    work.grants.update(changed)
    return changed


def is_within_reach(connection: Connection, principal_id: str) -> bool:
    """Whether a principal may give it to their agents: it is theirs, or shared."""
    return connection.principal_id == principal_id or connection.is_shared


def about(grant: Grant, identity: Identity, *, connection: Connection) -> dict[str, Any]:
    """The fields that every event of a grant has."""
    return {
        "grant_id": grant.id,
        "principal_id": grant.principal_id,
        "identity_handle": identity.handle,
        "did": identity.did,
        "connection_id": connection.id,
        **spoken_of(connection.provider),
    }
