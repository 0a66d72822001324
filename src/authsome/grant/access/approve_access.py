"""Let an identity have what it asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from authsome.connection.errors import ConnectionMissing
from authsome.grant.access.find import about, undecided
from authsome.grant.access.model import AccessState
from authsome.grant.access.ports import AccessWork
from authsome.grant.change import change_grant
from authsome.grant.create import create_grant
from authsome.grant.events import AccessApproved
from authsome.grant.model import Grant


def approve_access(
    work: AccessWork, *, request_id: str, connection_id: str, lasting: timedelta | None
) -> Grant:
    """The grant, of this connection and for so long. A confirmed act of the principal who is asked.

    Which of their connections it is and for how long is theirs to say, whatever was asked for. Raises
    `AccessRequestMissing`, `AccessRequestGone`, or what granting raises; then nothing has changed.
    """
    work.caller.require_confirmed()
    asked = undecided(work, request_id)
    connection = work.connections.find(connection_id)
    if connection is None or connection.provider != asked.request.provider:
        raise ConnectionMissing
    present = work.grants.find_live(asked.identity.id, connection.id)
    if present is None:
        grant = create_grant(work, identity=asked.identity, connection_id=connection.id, lasting=lasting)
    else:
        grant = change_grant(work, grant_id=present.id, lasting=lasting)
    at = work.record(
        AccessApproved(**about(asked.request, asked.identity), connection_id=connection.id, grant_id=grant.id)
    )
    work.access_requests.update(
        replace(asked.request, state=AccessState.APPROVED, ended_at=at, grant_id=grant.id)
    )
    return grant
