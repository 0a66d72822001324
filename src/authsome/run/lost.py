"""End the runs that nobody renews any more."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from authsome.kit.caller import Caller
from authsome.kit.work import Transactions
from authsome.run.complete import end_run
from authsome.run.model import LEASE_LIFE, RunOutcome, lease_name
from authsome.run.ports import RunLeases, RunWork

BATCH = 100


async def sweep(store: Transactions[RunWork], leases: RunLeases, *, server: Caller) -> int:
    """End every live run that began over a minute ago and has no live lease; returns how many.

    It goes by the runs and not by the leases that ran out, because a crash between the run's commit and its
    first lease leaves a run without any.
    """
    ended, after = 0, ""
    while True:
        begun, position = await store.read(partial(_begun, after=after))
        names = {lease_name(run_id): run_id for run_id in begun}
        lapsed = await leases.lapsed(list(names)) if names else set()
        if lapsed:
            lost = [names[name] for name in lapsed]
            ended += await store.write(server, partial(end_lost, run_ids=lost))
        if len(begun) < BATCH:
            return ended
        after = position


def _begun(view: RunWork, after: str) -> tuple[list[str], str]:
    runs = view.runs.list_live(begun_before=view.now - LEASE_LIFE, after=after, limit=BATCH)
    return [run.id for run in runs], runs[-1].id if runs else after


def end_lost(work: RunWork, *, run_ids: Sequence[str]) -> int:
    """End these runs as lost, as far as they have not ended; returns how many. The server's own act."""
    count = 0
    for run_id in sorted(run_ids):
        run = work.runs.find(run_id)
        identity = work.identities.find(run.identity_id) if run else None
        if run is not None and identity is not None and run.is_live:
            end_run(work, run, identity=identity, outcome=RunOutcome.LOST)
            count += 1
    return count
