"""What an operator may ask about the record, as plain values for the doors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from authsome.analytics.asked import MOST_DAYS, Asked
from authsome.analytics.events import RepairTask
from authsome.analytics.inventory import inventory
from authsome.analytics.metric import Bucket
from authsome.analytics.reader import DashboardUnknown
from authsome.analytics.rebuild import NumbersNotKept, ask_rebuild, read_rebuild
from authsome.analytics.reconcile.confirm import ask_comparison, confirm_repair
from authsome.analytics.reconcile.job import ReconcileBusy, read_job
from authsome.kit.caller import Caller
from authsome.runtime.runtime import Runtime

__all__ = [
    "MOST_DAYS",
    "Asked",
    "Bucket",
    "DashboardUnknown",
    "NumbersNotKept",
    "ReconcileBusy",
    "list_inventory",
    "read_dashboard",
    "read_last_rebuild",
    "read_own_dashboard",
    "read_reconciliation",
    "start_comparison",
    "start_rebuild",
    "start_repair",
]


async def list_inventory(runtime: Runtime) -> list[dict[str, Any]]:
    """Every event: old name, subject, use cases, tiles or the reason for none, and what became of it here."""
    return await inventory(runtime.store)


async def start_comparison(runtime: Runtime, caller: Caller, *, since: datetime | None) -> str:
    """Have registry, log, rollups and PostHog compared; returns the id of the job. Raises `ReconcileBusy`."""
    asked = await ask_comparison(runtime.store, caller, since=since)
    return asked.id


async def start_repair(runtime: Runtime, caller: Caller, *, task: str, since: datetime | None) -> str:
    """Have the record mended; returns the id of the job. Raises `ReconcileBusy`."""
    asked = await confirm_repair(runtime.store, caller, task=RepairTask(task), since=since)
    return asked.id


async def read_reconciliation(runtime: Runtime) -> dict[str, Any]:
    """What is under way, what was done last, and the last comparison."""
    return await runtime.store.keep(read_job)


async def start_rebuild(runtime: Runtime, caller: Caller) -> dict[str, Any]:
    """Have the numbers made anew, or join who does; returns how far it is. Raises `NumbersNotKept`."""
    return (await ask_rebuild(runtime.store, caller)).to_json()


async def read_last_rebuild(runtime: Runtime) -> dict[str, Any]:
    """How far the last rebuild is, None where there was none."""
    found = await runtime.store.keep(read_rebuild)
    return {"last": found.to_json() if found else None}


async def read_dashboard(runtime: Runtime, name: str, asked: Asked) -> dict[str, Any]:
    """One of the dashboards for admins. Raises `DashboardUnknown`."""
    return (await runtime.analytics.answer(name, asked)).to_json()


async def read_own_dashboard(runtime: Runtime, principal: Caller, asked: Asked) -> dict[str, Any]:
    """What the principal's own agents and connections did."""
    return (await runtime.analytics.answer_mine(principal.require_principal(), asked)).to_json()
