"""A history's rows are those that the log's own appender would have written, to the last link."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from authsome.kit.caller import ActorKind, Caller, server_caller
from authsome.kit.clock import from_micros
from authsome.kit.ids import Ids
from authsome.store.event_log import Appender, Draft
from authsome.store.sequencer import Head
from authsome.store.transactions import Store
from authsome.testing.clock import SeededEntropy, SimulatedClock
from bench.history.days import days
from bench.history.fact import Fact
from bench.history.plan import Plan
from bench.history.spell import COLUMNS, Speller
from tests.support.databases import fresh_sqlite, store_at

PLAN = Plan(events=4_000, until=datetime(2026, 3, 1, tzinfo=UTC))


async def test_the_rows_are_the_appenders(tmp_path: Path) -> None:
    facts = [fact for day in days(PLAN) for fact in day]
    store = await store_at(fresh_sqlite(tmp_path), SimulatedClock())
    head = await store.keep_log(lambda connection: read(connection, "SELECT position, chain FROM log_head"))
    await store.keep_log(lambda connection: append(connection, store, facts))
    entropy = SeededEntropy(7)
    ids = Ids(SimulatedClock(), entropy)
    speller = Speller(store.installation_id, Head(*head[0]), new_id=lambda: ids.new("evt"), entropy=entropy)
    rows, local = speller.rows(facts)
    written = f"SELECT {', '.join(COLUMNS)} FROM event_log ORDER BY position"
    assert rows == await store.keep_log(lambda connection: read(connection, written))
    assert sorted(local) == sorted(
        await store.keep_log(lambda connection: read(connection, "SELECT * FROM event_local"))
    )
    assert len({fact.event for fact in facts}) > 15
    store.close()


def append(connection: Connection, store: Store, facts: list[Fact]) -> None:
    entropy = SeededEntropy(7)
    appender = Appender(store.installation_id, Ids(SimulatedClock(), entropy), entropy)
    drafts = [Draft(event_of(fact), from_micros(fact.at), by=caller_of(fact, store)) for fact in facts]
    appender.append(connection, server_caller(store.installation_id), drafts, position=True)


def event_of(fact: Fact) -> Any:
    """With None for each field that has no value."""
    return fact.event(**(dict.fromkeys(fact.event.privacy) | fact.values))


def caller_of(fact: Fact, store: Store) -> Caller:
    if fact.actor_kind == "server":
        return server_caller(store.installation_id)
    return Caller(kind=ActorKind(fact.actor_kind), id=fact.actor_id)


def read(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(text(query))]
