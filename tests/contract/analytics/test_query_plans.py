"""A page touches the rows it shows: every query goes through an index, none reads a whole table.

One missing index was measured at 83 seconds against 48 milliseconds.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.dialects import sqlite

from authsome.analytics.compile import rollup
from authsome.analytics.metrics import METRICS
from authsome.store.tables.ledger import METADATA
from authsome.store.tables.rollup import daily, subject
from tests.support.databases import fresh_postgres

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)
QUERIES = {
    f"{metric.name} {what}": query
    for metric in METRICS
    for what, query in (
        ("per day", rollup.per_day(metric, FIRST, LAST)),
        ("in range", rollup.in_range(metric, FIRST, LAST)),
        ("in all", rollup.in_range(metric, None, LAST)),
        *((f"by {d}", rollup.by_dimension(metric, d, first=FIRST, last=LAST)) for d in metric.by),
    )
}


@pytest.mark.parametrize("name", QUERIES)
def test_sqlite_searches_an_index_by_event_and_day(name: str) -> None:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    statement = QUERIES[name].compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        rows = connection.execute(text(f"EXPLAIN QUERY PLAN {statement}")).all()
    steps = [str(row[-1]) for row in rows if "rollup_" in str(row[-1])]
    engine.dispose()
    assert steps
    assert all("SEARCH" in step and "event=?" in step and "day<?" in step for step in steps), rows
    if not name.endswith("in all"):
        assert all("day>?" in step for step in steps), rows


@pytest.fixture(scope="module")
def big_postgres(postgres_server: str) -> Any:
    """A year of rollups, analysed, so that the planner has a choice to get wrong."""
    engine = create_engine(fresh_postgres(postgres_server))
    METADATA.create_all(engine)
    with engine.begin() as connection:
        fill(connection)
        connection.execute(text("ANALYZE"))
    yield engine
    engine.dispose()


def fill(connection: Connection) -> None:
    events = [line.event.name for metric in METRICS for line in metric.lines]
    days = [LAST - timedelta(days=n) for n in range(365)]
    names = dict.fromkeys([*events, *(f"event_{n}" for n in range(10))])
    dimensions = {"provider": "github", "flow": "", "reason": ""}
    rows = [{"event": name, "day": day, **dimensions, "count": 3} for name in names for day in days]
    connection.execute(daily.insert(), rows)
    rows = [
        {
            "event": name,
            "day": day,
            **dimensions,
            "principal_id": f"prn_{n}",
            "identity_handle": f"handle_{n}",
            "subject_id": "",
            "count": 1,
        }
        for name in names
        for day in days
        for n in range(3)
    ]
    connection.execute(subject.insert(), rows)


@pytest.mark.postgres
@pytest.mark.parametrize("name", [name for name in QUERIES if not name.endswith("in all")])
def test_postgresql_does_not_read_the_whole_table(name: str, big_postgres: Engine) -> None:
    statement = QUERIES[name].compile(big_postgres, compile_kwargs={"literal_binds": True})
    with big_postgres.connect() as connection:
        plan = "\n".join(row[0] for row in connection.execute(text(f"EXPLAIN {statement}")))
    assert "Seq Scan" not in plan, plan
    assert "Index" in plan, plan
