"""What a row tells of its fact is what was recorded: the same uuid, time, actor and fields."""

from __future__ import annotations

from functools import partial

from authsome.analytics.rows import TRACES, UNTRACED, Past, Restored, Trace
from authsome.kit.event import EVENTS, Privacy
from authsome.store.event_log import LoggedEvent
from authsome.store.transactions import Store
from authsome.store.view import View
from authsome.telemetry.catalogue import events
from authsome.testing.clock import SimulatedClock
from tests.support.life import Life
from tests.support.log import all_events

NOT_IN_THE_ROW = {"program"}


def test_every_keyed_event_has_a_trace_or_a_reason() -> None:
    keyed = {name for name, event in events().items() if event.keyed_by}
    traced = [trace.event.name for trace in TRACES]
    assert len(traced) == len(set(traced))
    assert keyed == {*traced, *UNTRACED}


async def test_every_row_restores_the_fact_that_was_recorded(store: Store, clock: SimulatedClock) -> None:
    await Life(store, clock).live()
    facts = {fact.uuid: fact for fact in await all_events(store)}
    seen: set[str] = set()
    for trace in TRACES:
        for uuid, restored in (await store.read(partial(_restore, store=store, trace=trace))).items():
            assert restored is not None, trace.event.name
            await _same(store, facts[uuid], restored)
            seen.add(uuid)
    assert {fact.name for fact in facts.values() if fact.uuid in seen} == {t.event.name for t in TRACES}
    keyed = {uuid for uuid, fact in facts.items() if EVENTS[fact.name].keyed_by and fact.name not in UNTRACED}
    assert keyed == seen


def _restore(view: View, store: Store, trace: Trace) -> dict[str, Restored | None]:
    past = Past(view, store.installation_id)
    rows = view.connection.execute(trace.rows()).all()
    return {store.appender.uuid_of(trace.event.name, row.id): trace.restore(past, row) for row in rows}


async def _same(store: Store, fact: LoggedEvent, restored: Restored) -> None:
    event = restored.event
    assert (fact.name, fact.occurred_at) == (event.name, restored.at)
    assert (fact.actor_kind, fact.actor_id) == (restored.by.kind, restored.by.id), fact.name
    assert fact.fields == event.values(Privacy.PUBLIC, Privacy.PSEUDONYM)
    local = (await store.read(lambda view: view.event_log.local([fact.id]))).get(fact.id, {})
    kept = {field: value for field, value in local.items() if field not in NOT_IN_THE_ROW}
    assert kept == event.values(Privacy.LOCAL)
