"""End a run."""

from __future__ import annotations

from dataclasses import replace

from authsome.identity.acting import acting_identity
from authsome.identity.model import Identity
from authsome.run.errors import RunMissing
from authsome.run.events import RunCompleted
from authsome.run.model import Run, RunOutcome, outcome_of
from authsome.run.ports import RunWork


def complete_run(work: RunWork, *, run_id: str, exit_code: int) -> Run:
    """Say how the command ended. Saying it again changes nothing, so that a lost answer can be repeated.

    Only the identity that started the run, also after it was released: the end is true all the same.
    Raises `RunMissing`, also for another identity's.
    """
    identity = acting_identity(work, work.caller)
    run = work.runs.find(run_id)
    if run is None or run.identity_id != identity.id:
        raise RunMissing
    if not run.is_live:
        return run
    return end_run(work, run, identity=identity, outcome=outcome_of(exit_code))


def stop_all_of(work: RunWork, identity: Identity) -> None:
    """End every run of an identity: part of its release and revocation, which have authorised it."""
    for run in work.runs.list_live_of(identity.id):
        end_run(work, run, identity=identity, outcome=RunOutcome.STOPPED)


def end_run(work: RunWork, run: Run, *, identity: Identity, outcome: RunOutcome) -> Run:
    """Record the end of a live run. From this commit on the proxy refuses its token."""
    at = work.record(
        RunCompleted(
            run_id=run.id,
            identity_handle=identity.handle,
            did=identity.did,
            principal_id=run.principal_id,
            outcome=outcome,
            seconds=max(0, int((work.now - run.created_at).total_seconds())),
        )
    )
    ended = replace(run, ended_at=at, outcome=outcome)
    work.runs.update(ended)
    return ended
