"""Note that a connection was used for the first time."""

from __future__ import annotations

from dataclasses import replace

from authsome.connection.events import ConnectionFirstUsed
from authsome.connection.ports import ConnectionWork
from authsome.identity.model import Identity
from authsome.provider.catalogue import spoken_of


def note_first_use(work: ConnectionWork, *, connection_id: str, identity: Identity) -> bool:
    """Record the first use once, however often it is asked for; False when it was known or is too late.

    A fact of its own, and not read off the counts: those may drop under load, this may not.
    """
    connection = work.connections.find(connection_id)
    if connection is None or connection.first_used_at is not None or not connection.is_live:
        return False
    at = work.record(
        ConnectionFirstUsed(
            connection_id=connection.id,
            principal_id=connection.principal_id,
            identity_handle=identity.handle,
            did=identity.did,
            **spoken_of(connection.provider),
        )
    )
    work.connections.update(replace(connection, first_used_at=at, first_used_by=identity.id))
    return True
