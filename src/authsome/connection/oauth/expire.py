"""Say of connections that nobody used lately that their access has run out."""

from __future__ import annotations

from authsome.connection.model import BrokenReason
from authsome.connection.oauth.record import mark_broken
from authsome.connection.ports import ConnectionWork

BATCH = 100


def expire_overdue(work: ConnectionWork) -> int:
    """Mark some whose access token is over and cannot be renewed; returns how many. Only the installation."""
    work.caller.require_server()
    overdue = work.connections.list_run_out(work.now, limit=BATCH)
    for one in overdue:
        mark_broken(work, connection_id=one.id, version=one.version, reason=BrokenReason.EXPIRED)
    return len(overdue)
