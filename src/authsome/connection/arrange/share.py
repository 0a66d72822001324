"""Let every principal of the installation give a connection to their own agents."""

from __future__ import annotations

from dataclasses import replace

from authsome.connection.end import own_connection
from authsome.connection.errors import ConnectionEnded, TooManyShared
from authsome.connection.events import ConnectionShared
from authsome.connection.model import Connection
from authsome.connection.ports import ConnectionWork
from authsome.provider.catalogue import spoken_of

MOST_SHARED = 50  # everybody has them in their list, and each decision of the proxy looks at them


def share(work: ConnectionWork, *, connection_id: str) -> Connection:
    """Share one's own connection; a confirmed act of an admin, since others act as its account from now on.

    Not somebody else's: that account is theirs to lend. A connection that is shared already stays as it is.
    Raises `AdminRequired`, `ConnectionMissing`, `ConnectionEnded` or `TooManyShared`.
    """
    work.caller.require_confirmed()
    work.caller.require_admin()
    connection = own_connection(work, connection_id)
    if not connection.is_live:
        raise ConnectionEnded
    if connection.is_shared:
        return connection
    if len(work.connections.list_shared()) >= MOST_SHARED:
        raise TooManyShared
    at = work.record(
        ConnectionShared(
            connection_id=connection.id,
            principal_id=connection.principal_id,
            **spoken_of(connection.provider),
        )
    )
    shared = replace(connection, shared_at=at)
    work.connections.update(shared)
    return shared
