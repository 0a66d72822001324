"""Write the facts that rows lack: each under the uuid, the time and the actor that it had or would have had.

A page is one unit of work. What is written is found in the log the next time, so whoever is killed here is
continued by whoever comes next, and two at once write each fact once. Facts that retention deleted are in the
baseline still; writing them again would count them twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from authsome.analytics.reconcile.registry import Missing, Retained, Tick, missing_rows
from authsome.analytics.rows import TRACES, Restored
from authsome.kit.caller import server_caller
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork


async def restore_missing(store: Store, *, since: datetime | None, time_zone: str, tick: Tick) -> int:
    """Write every fact that a row from `since` on lacks and still tells; returns how many."""
    zone, server, written = ZoneInfo(time_zone), server_caller(store.installation_id), 0
    for trace in TRACES:
        retained = await store.keep(partial(Retained.of, event=trace.event.name))
        async for looked in missing_rows(store, trace, since=since):
            facts = [fact for missing in looked.missing if (fact := _wanted(missing, retained, zone))]
            if facts:
                written += await store.write(server, partial(_write, store=store, facts=facts))
            await tick(looked.rows)
    return written


def _wanted(missing: Missing, retained: Retained, zone: ZoneInfo) -> Restored | None:
    """The fact to write, None where retention may have deleted it or the row does not tell it."""
    day = missing.at.astimezone(zone).date()
    return None if retained.explains(missing, day) else missing.restored


def _write(work: UnitOfWork, store: Store, facts: Sequence[Restored]) -> int:
    """Record those that nobody has recorded meanwhile."""
    by_uuid = {_uuid(store, fact): fact for fact in facts}
    known = work.event_log.known_uuids(list(by_uuid))
    for value, fact in by_uuid.items():
        if value not in known:
            work.record_at(fact.event, fact.at, by=fact.by)
    return len(by_uuid) - len(known)


def _uuid(store: Store, fact: Restored) -> str:
    assert fact.event.keyed_by is not None
    return store.appender.uuid_of(fact.event.name, str(getattr(fact.event, fact.event.keyed_by)))
