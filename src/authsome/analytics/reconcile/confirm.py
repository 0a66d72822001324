"""An admin's word that the record be mended: a confirmed act, and a fact of its own."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from authsome.analytics.events import RepairConfirmed, RepairTask
from authsome.analytics.reconcile.job import Asked, Task, ask_for
from authsome.kit.caller import Caller
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork


async def ask_comparison(store: Store, caller: Caller, *, since: datetime | None) -> Asked:
    """Have everything compared. Admins only; it changes nothing. Raises `ReconcileBusy`."""
    caller.require_admin()
    asked = Asked(id=store.ids.new("rec"), task=Task.COMPARE, since=since, asked_at=store.clock.now())
    return await store.keep(partial(ask_for, asked=asked))


async def confirm_repair(store: Store, caller: Caller, *, task: RepairTask, since: datetime | None) -> Asked:
    """Have the record mended, in the background. A confirmed act of an admin. Raises `ReconcileBusy`."""
    caller.require_admin()
    caller.require_confirmed()
    asked = Asked(id=store.ids.new("rec"), task=Task(task.value), since=since, asked_at=store.clock.now())
    begun = await store.keep(partial(ask_for, asked=asked))
    if begun.id == asked.id:
        await store.write(caller, partial(_record, asked=asked, task=task))
    return begun


def _record(work: UnitOfWork, asked: Asked, task: RepairTask) -> None:
    since = asked.since.date().isoformat() if asked.since else None
    work.record(RepairConfirmed(repair_id=asked.id, task=task, since=since))
