"""Connections: created, first used, ended."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from authsome.analytics.rows.trace import Past, Restored, Trace
from authsome.connection.events import (
    ConnectionCreated,
    ConnectionFirstUsed,
    ConnectionLoggedOut,
    ConnectionRevocationEnded,
    ConnectionRevoked,
)
from authsome.connection.model import ConnectionState, Flow
from authsome.connection.revocation.model import RevocationOutcome
from authsome.provider.catalogue import spoken_of
from authsome.store.tables.registry import connection, revocation


def _created(past: Past, row: Row[Any]) -> Restored:
    event = ConnectionCreated(
        connection_id=row.id,
        principal_id=row.principal_id,
        **spoken_of(row.provider),
        flow=Flow(row.flow),
        is_default=not _had_siblings(past, row),
        vault_id=row.vault_id,
        connection_name=row.name,
    )
    return Restored(event=event, at=row.created_at, by=past.by_principal(row.principal_id))


def _had_siblings(past: Past, row: Row[Any]) -> bool:
    """Whether another connection to the provider lived when this one was made: the first is the default."""
    t = connection.c
    query = select(t.id).where(
        t.principal_id == row.principal_id,
        t.provider == row.provider,
        t.created_at < row.created_at,
        (t.ended_at.is_(None)) | (t.ended_at > row.created_at),
    )
    return past.view.connection.execute(query.limit(1)).first() is not None


def _first_used(past: Past, row: Row[Any]) -> Restored | None:
    agent = past.agent(row.first_used_by, row.first_used_at)
    if agent is None:
        return None
    event = ConnectionFirstUsed(
        connection_id=row.id, principal_id=row.principal_id, **agent, **spoken_of(row.provider)
    )
    return Restored(event=event, at=row.first_used_at, by=past.by_agent(agent))


def _logged_out(past: Past, row: Row[Any]) -> Restored:
    event = ConnectionLoggedOut(
        connection_id=row.id, principal_id=row.principal_id, **spoken_of(row.provider)
    )
    return Restored(event=event, at=row.ended_at, by=past.by_principal(row.principal_id))


def _revoked(past: Past, row: Row[Any]) -> Restored:
    query = select(revocation.c.id).where(revocation.c.connection_id == row.id)
    event = ConnectionRevoked(
        connection_id=row.id,
        principal_id=row.principal_id,
        **spoken_of(row.provider),
        revocation_id=past.view.connection.execute(query).scalar(),
    )
    return Restored(event=event, at=row.ended_at, by=past.by_principal(row.principal_id))


def _revocation_ended(past: Past, row: Row[Any]) -> Restored | None:
    ended = past.connection(row.connection_id)
    if ended is None:
        return None
    event = ConnectionRevocationEnded(
        revocation_id=row.id,
        connection_id=ended.id,
        principal_id=ended.principal_id,
        **spoken_of(row.provider),
        outcome=RevocationOutcome(row.outcome),
    )
    return Restored(event=event, at=row.ended_at, by=past.server)


TRACES = (
    Trace(event=ConnectionCreated, table=connection, at="created_at", restore=_created),
    Trace(event=ConnectionFirstUsed, table=connection, at="first_used_at", restore=_first_used),
    Trace(
        event=ConnectionLoggedOut,
        table=connection,
        at="ended_at",
        where=connection.c.state == ConnectionState.LOGGED_OUT.value,
        restore=_logged_out,
    ),
    Trace(
        event=ConnectionRevoked,
        table=connection,
        at="ended_at",
        where=connection.c.state == ConnectionState.REVOKED.value,
        restore=_revoked,
    ),
    Trace(event=ConnectionRevocationEnded, table=revocation, at="ended_at", restore=_revocation_ended),
)
