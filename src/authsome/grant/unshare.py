"""Take a shared connection back from everybody but its owner."""

from __future__ import annotations

from dataclasses import replace

from authsome.connection.errors import ConnectionMissing, ConnectionNotShared
from authsome.connection.events import ConnectionUnshared
from authsome.connection.model import Connection
from authsome.grant.ports import GrantWork
from authsome.grant.remove import end_grant
from authsome.provider.catalogue import spoken_of


def unshare(work: GrantWork, *, connection_id: str) -> Connection:
    """End the sharing of one's own connection or, as an admin, of anybody's, and each grant that lives by it.

    Not a confirmed act, as revoking is none: it only takes away. Raises `ConnectionMissing` or
    `ConnectionNotShared`.
    """
    principal_id = work.caller.require_principal()
    connection = work.connections.find(connection_id)
    if connection is None or not (work.caller.is_admin or connection.principal_id == principal_id):
        raise ConnectionMissing
    if not connection.is_shared:
        raise ConnectionNotShared
    lent = [
        grant
        for grant in work.grants.list_live(connection_id=connection.id)
        if grant.principal_id != connection.principal_id
    ]
    for grant in lent:
        identity = work.identities.find(grant.identity_id)
        assert identity is not None  # rows of identities are kept
        end_grant(work, grant, identity=identity, connection=connection)
    work.record(
        ConnectionUnshared(
            connection_id=connection.id,
            principal_id=connection.principal_id,
            **spoken_of(connection.provider),
            grants_ended=len(lent),
        )
    )
    taken_back = replace(connection, shared_at=None)
    work.connections.update(taken_back)
    return taken_back
