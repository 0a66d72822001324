"""Histories for analytics: facts put into the log at chosen times, by way of the log's own writer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from authsome.auth_session.events import AuthSessionCompleted, AuthSessionFailed
from authsome.auth_session.model import FailureReason
from authsome.claim.events import IdentityClaimed, IdentityClaimOpened, IdentityClaimRejected
from authsome.connection.events import ConnectionCreated
from authsome.connection.model import Flow
from authsome.identity.events import IdentityRegistered
from authsome.kit.caller import server_caller
from authsome.kit.event import Event
from authsome.principal.events import PrincipalRegistered
from authsome.principal.model import LinkKind, Role
from authsome.store.event_log import Draft
from authsome.store.sequencer import sequence
from authsome.store.tables.rollup import DERIVED, ROLLUPS
from authsome.store.transactions import Store


async def log(store: Store, *facts: tuple[datetime, Event]) -> None:
    """Commit the facts in this order, with these times, and give them their positions."""

    def write(connection: Connection) -> None:
        drafts = [Draft(event, at) for at, event in facts]
        store.appender.append(connection, server_caller(store.installation_id), drafts, position=False)
        while sequence(connection):
            pass

    await store.keep_log(write)


def registered(principal_id: str) -> PrincipalRegistered:
    return PrincipalRegistered(
        principal_id=principal_id,
        role=Role.MEMBER,
        via=LinkKind.INVITATION,
        invitation_id=f"inv_{principal_id}",
    )


def agent(handle: str) -> IdentityRegistered:
    return IdentityRegistered(
        identity_id=f"idn_{handle}",
        identity_handle=handle,
        did=f"did:key:{handle}",
        claim_id=f"clm_{handle}",
        label="builds the nightly",
    )


def opened(handle: str, by: str) -> IdentityClaimOpened:
    return IdentityClaimOpened(
        claim_id=f"clm_{handle}", identity_handle=handle, did=f"did:key:{handle}", principal_id=by
    )


def claimed(handle: str, by: str, *, claim_id: str | None = None) -> IdentityClaimed:
    return IdentityClaimed(
        claim_id=claim_id or f"clm_{handle}",
        identity_id=f"idn_{handle}",
        identity_handle=handle,
        did=f"did:key:{handle}",
        principal_id=by,
        connections_granted=0,
    )


def rejected(handle: str, by: str) -> IdentityClaimRejected:
    return IdentityClaimRejected(
        claim_id=f"clm_{handle}",
        identity_id=f"idn_{handle}",
        identity_handle=handle,
        did=f"did:key:{handle}",
        principal_id=by,
    )


def connected(connection_id: str, by: str, provider: str, custom: str | None = None) -> ConnectionCreated:
    return ConnectionCreated(
        connection_id=connection_id,
        principal_id=by,
        provider=provider,
        custom_provider=custom,
        flow=Flow.API_KEY,
        is_default=True,
        vault_id="vlt_1",
        connection_name="work",
    )


def completed(auth_session_id: str, by: str, provider: str) -> AuthSessionCompleted:
    return AuthSessionCompleted(
        auth_session_id=auth_session_id,
        principal_id=by,
        identity_handle=None,
        did=None,
        provider=provider,
        custom_provider=None,
        flow=Flow.API_KEY,
        connection_id=f"con_{auth_session_id}",
    )


def failed(auth_session_id: str, by: str, provider: str) -> AuthSessionFailed:
    return AuthSessionFailed(
        auth_session_id=auth_session_id,
        principal_id=by,
        identity_handle=None,
        did=None,
        provider=provider,
        custom_provider=None,
        flow=Flow.API_KEY,
        reason=FailureReason.KEY_INVALID,
    )


async def rollup_rows(store: Store) -> list[str]:
    """Every row of the rollups as text, in order, so that two states can be compared."""

    def read(connection: Connection) -> list[str]:
        with connection.begin():
            rows = [
                (t.name, tuple(row)) for t in (*ROLLUPS, *DERIVED) for row in connection.execute(t.select())
            ]
        return sorted(str(row) for row in rows)

    return await store.database.books.run(read)
