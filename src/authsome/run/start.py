"""Start a run."""

from __future__ import annotations

from authsome.identity.acting import acting_identity
from authsome.kit.secret import Secret
from authsome.run.errors import TooManyRuns
from authsome.run.events import RunStarted
from authsome.run.model import MOST_LIVE, Run, check_program
from authsome.run.ports import RunWork


def start_run(work: RunWork, *, program: str) -> tuple[Run, Secret]:
    """A live run and its SECRET token, for a claimed identity. The caller takes its lease right after.

    Raises `IdentityRequired`, `IdentityUnclaimed`, `IdentityEnded`, `ProgramInvalid`, `TooManyRuns`.
    """
    identity = acting_identity(work, work.caller)
    principal_id = identity.require_claimed()
    name = check_program(program)
    if work.runs.count_live(identity.id) >= MOST_LIVE:
        raise TooManyRuns
    token, run_id = Secret(work.token()), work.new_id("run")
    at = work.record(
        RunStarted(
            run_id=run_id,
            identity_handle=identity.handle,
            did=identity.did,
            principal_id=principal_id,
            program=name,
        )
    )
    run = Run(
        id=run_id,
        identity_id=identity.id,
        principal_id=principal_id,
        token_hash=token.digest(),
        created_at=at,
    )
    work.runs.add(run)
    return run, token
