"""Do what an amendment says: a confirmed act of an admin.

What ends or goes out of use is written in the unit of work that changes the definition: at no moment could a
secret follow the new one. Where that is more than one unit of work should hold, the rest goes before it in
others, while the old definition still stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from authsome.amendment.errors import ProviderChanged
from authsome.amendment.model import Act, Amendment, Plan
from authsome.amendment.plan import plan
from authsome.amendment.ports import AmendmentWork
from authsome.auth_session.end import about, close
from authsome.auth_session.events import AuthSessionFailed
from authsome.auth_session.model import AuthSessionState, FailureReason
from authsome.connection.end import revoke_here
from authsome.connection.mend.set_aside import set_aside
from authsome.connection.model import Connection
from authsome.grant.remove import end_grant
from authsome.kit.caller import Caller
from authsome.kit.work import Transactions
from authsome.provider.catalogue import spoken_of
from authsome.provider.events import Configured, ProviderConfigurationUpdated, ProviderDeleted
from authsome.provider.model import CustomProvider, Provider

AT_ONCE = 500


async def carry_out(
    store: Transactions[AmendmentWork],
    caller: Caller,
    amendment: Amendment,
    *,
    seen: str,
    at_once: int = AT_ONCE,
) -> Plan:
    """`seen` is the fingerprint of the plan that was confirmed.

    Raises `ProviderChanged` where it would be another one by now, and what `plan` raises.
    """
    caller.require_admin()
    before = 0  # connections that earlier parts have ended or set aside
    while True:
        part = partial(_step, amendment=amendment, seen=seen, before=before, at_once=at_once)
        done = await store.write(caller, part)
        if isinstance(done, Plan):
            return done
        before += done


def _step(work: AmendmentWork, *, amendment: Amendment, seen: str, before: int, at_once: int) -> Plan | int:
    """The plan once it is carried out; after a part that had to go before, how many connections that had."""
    admin_id = work.caller.require_confirmed()
    work.caller.require_admin()
    made = plan(work, amendment)
    if made.fingerprint != seen:
        raise ProviderChanged
    touched, is_last = _clear_the_way(work, made, at_once)
    if not is_last:
        return touched
    touched += before
    if made.act is Act.REMOVE:
        _remove(work, made, admin_id=admin_id, ended=touched)
    else:
        _replace(work, made, admin_id=admin_id, set_aside=touched)
    return made


def _clear_the_way(work: AmendmentWork, made: Plan, at_once: int) -> tuple[int, bool]:
    """How many connections this unit of work has ended or set aside, and whether those were the last."""
    name = made.before.name
    sessions = work.auth_sessions.list_open_to(name, limit=at_once)
    reason = FailureReason.PROVIDER_CHANGED if made.after else FailureReason.PROVIDER_REMOVED
    for session in sessions:
        at = work.record(AuthSessionFailed(**about(work, session), reason=reason))
        close(work, session, state=AuthSessionState.FAILED, at=at, reason=reason)
    if made.after is None:
        connections = work.connections.list_of_provider(name, limit=at_once)
        _end(work, connections)
    else:
        connections = work.connections.list_of_provider(name, flows=made.flows, limit=at_once)
        for connection in connections:
            set_aside(work, connection)
    return len(connections), max(len(sessions), len(connections)) < at_once


def _end(work: AmendmentWork, connections: Sequence[Connection]) -> None:
    for connection in connections:
        for grant in work.grants.list_live(connection_id=connection.id):
            identity = work.identities.find(grant.identity_id)
            assert identity is not None  # rows of identities are kept
            end_grant(work, grant, identity=identity, connection=connection)
        revoke_here(work, connection)


def _replace(work: AmendmentWork, made: Plan, *, admin_id: str, set_aside: int) -> None:
    assert made.after is not None
    provider_id = made.row.id if made.row else work.new_id("prv")
    at = work.record(
        ProviderConfigurationUpdated(
            what=Configured.DEFINITION if made.row else Configured.OVERRIDE,
            provider_id=provider_id,
            principal_id=admin_id,
            **spoken_of(made.after.name),
            new_places=len(made.new_places),
            set_aside=set_aside,
        )
    )
    if made.row:
        work.providers.update(replace(made.row, provider=made.after))
    else:
        work.providers.add(_row(provider_id, made.after, admin_id=admin_id, at=at))


def _remove(work: AmendmentWork, made: Plan, *, admin_id: str, ended: int) -> None:
    assert made.row is not None
    client = work.oauth_clients.find_of(made.row.name) if made.after is None else None
    work.record(
        ProviderDeleted(
            provider_id=made.row.id,
            oauth_client_id=client.id if client else None,
            principal_id=admin_id,
            **spoken_of(made.row.name),
            was_override=made.after is not None,
            connections=ended,
        )
    )
    if client is not None:
        work.oauth_clients.remove(client.id)
    work.providers.remove(made.row.id)


def _row(provider_id: str, provider: Provider, *, admin_id: str, at: datetime) -> CustomProvider:
    return CustomProvider(id=provider_id, provider=provider, created_by=admin_id, created_at=at)
