"""Change how long a grant lasts."""

from __future__ import annotations

from datetime import timedelta

from authsome.connection.errors import ConnectionEnded, ConnectionMissing
from authsome.grant.create import make_last, may_give
from authsome.grant.errors import GrantMissing
from authsome.grant.model import Grant
from authsome.grant.ports import GrantWork


def change_grant(work: GrantWork, *, grant_id: str, lasting: timedelta | None) -> Grant:
    """From now on it lasts so long, or until it is taken away. A confirmed act of whoever gave it, as long as
    they could give it now.

    Raises `GrantMissing`, also for somebody else's, for one that was removed, and for one of a connection
    that ended.
    """
    work.caller.require_confirmed()
    grant = work.grants.find(grant_id)
    identity = work.identities.find(grant.identity_id) if grant else None
    if grant is None or identity is None or not grant.is_live:
        raise GrantMissing
    if grant.principal_id != work.caller.principal_id or identity.principal_id != grant.principal_id:
        raise GrantMissing
    try:
        connection = may_give(work, identity, grant.connection_id)
    except (ConnectionMissing, ConnectionEnded) as error:
        raise GrantMissing from error
    if grant.expires_at is None and lasting is None:
        return grant
    return make_last(work, grant, lasting, identity=identity, connection=connection)
