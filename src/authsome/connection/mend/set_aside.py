"""Take a connection out of use because an admin changed where its secret would go."""

from __future__ import annotations

from dataclasses import replace

from authsome.connection.events import ConnectionMarkedBroken, ConnectionReasonChanged
from authsome.connection.model import BrokenReason, Connection, ConnectionState
from authsome.connection.oauth.record import about, named
from authsome.connection.ports import ConnectionWork


def set_aside(work: ConnectionWork, connection: Connection) -> Connection:
    """Until its principal connects it again: whoever changed its provider has no say over the secret.

    Its grants are kept. One that needs its principal anyway is set aside too: a renewal that is on its way
    would bring it back.
    """
    reason = BrokenReason.PROVIDER_CHANGED
    if connection.is_usable:
        work.record(ConnectionMarkedBroken(**about(connection), reason=reason))
    else:
        work.record(ConnectionReasonChanged(**named(connection), reason=reason))
    aside = replace(connection, state=ConnectionState.NEEDS_RECONNECTION, reason=reason)
    work.connections.update(aside)
    return aside
