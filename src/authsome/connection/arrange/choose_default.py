"""Choose which of several connections to a provider is meant where none is named."""

from __future__ import annotations

from dataclasses import replace

from authsome.connection.end import own_connection
from authsome.connection.errors import ConnectionEnded
from authsome.connection.events import ConnectionDefaultChanged
from authsome.connection.model import Connection
from authsome.connection.ports import ConnectionWork
from authsome.provider.catalogue import spoken_of


def choose_default(work: ConnectionWork, *, connection_id: str) -> Connection:
    """Make one's own connection the default to its provider; where it is already, nothing changes.

    Raises `ConnectionMissing` or `ConnectionEnded`.
    """
    connection = own_connection(work, connection_id)
    if not connection.is_live:
        raise ConnectionEnded
    if connection.is_default:
        return connection
    siblings = work.connections.list_live(connection.principal_id, provider=connection.provider)
    before = next((one for one in siblings if one.is_default), None)
    work.record(
        ConnectionDefaultChanged(
            connection_id=connection.id,
            previous_id=before.id if before else None,
            principal_id=connection.principal_id,
            **spoken_of(connection.provider),
        )
    )
    if before is not None:
        work.connections.update(replace(before, is_default=False))
    chosen = replace(connection, is_default=True)
    work.connections.update(chosen)
    return chosen
