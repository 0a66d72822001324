"""Runs: started and completed. Which program it was, is in the fact alone, and is not made up."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from authsome.analytics.rows.trace import Past, Restored, Trace
from authsome.run.events import RunCompleted, RunStarted
from authsome.run.model import RunOutcome
from authsome.store.tables.registry import run


def _started(past: Past, row: Row[Any]) -> Restored | None:
    agent = past.agent(row.identity_id, row.created_at)
    if agent is None:
        return None
    event = RunStarted(run_id=row.id, principal_id=row.principal_id, **agent)
    return Restored(event=event, at=row.created_at, by=past.by_agent(agent))


def _completed(past: Past, row: Row[Any]) -> Restored | None:
    agent = past.agent(row.identity_id, row.ended_at)
    if agent is None or row.outcome is None:
        return None
    outcome = RunOutcome(row.outcome)
    event = RunCompleted(
        run_id=row.id,
        principal_id=row.principal_id,
        outcome=outcome,
        seconds=max(0, int((row.ended_at - row.created_at).total_seconds())),
        **agent,
    )
    ended_by = {RunOutcome.LOST: past.server, RunOutcome.STOPPED: past.by_principal(row.principal_id)}
    return Restored(event=event, at=row.ended_at, by=ended_by.get(outcome) or past.by_agent(agent))


TRACES = (
    Trace(event=RunStarted, table=run, at="created_at", restore=_started),
    Trace(event=RunCompleted, table=run, at="ended_at", restore=_completed),
)
