"""Forgetting somebody looks at their facts and their numbers, not at the whole log and all numbers."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Select, select, text

from authsome.store.tables import registry
from authsome.store.tables.log import event_log
from authsome.store.tables.rollup import BASELINES, ROLLUPS, WHO
from authsome.store.transactions import Store

FACTS = (
    select(event_log.c.id)
    .where(event_log.c.subject_id == "prn_1", event_log.c.seq > 0)
    .order_by(event_log.c.seq)
    .limit(1_000)
)
CLAIMS = select(registry.claim.c.identity_id).where(registry.claim.c.decided_by == "prn_1")
SUBJECTS = select(registry.erased_subject.c.id).where(registry.erased_subject.c.id.in_(("a", "b")))
NUMBERS = [
    select(table.c.event).where(table.c[name].in_(("prn_1", "prn_2")))
    for target in (ROLLUPS, BASELINES)
    for table in target[1:]
    for name in WHO
]


def plan(connection: Connection, query: Select[str]) -> str:
    """How the database would find the rows. PostgreSQL is told that reading a whole table is dear."""
    is_sqlite = connection.dialect.name == "sqlite"
    statement = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    with connection.begin():
        if not is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        return "\n".join(str(row[-1]) for row in connection.execute(text(f"{explain} {statement}")))


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (FACTS, "ix_event_log_subject_id_seq"),
        (CLAIMS, "ix_claim_decided_by"),
        (SUBJECTS, "erased_subject"),
    ],
)
async def test_facts_claims_and_the_erased_are_found_by_an_index(
    store: Store, query: Select[str], index: str
) -> None:
    found = await store.database.writer.run(lambda connection: plan(connection, query))
    assert index in found
    assert "SCAN event_log" not in found
    assert "Seq Scan" not in found
    assert "TEMP B-TREE" not in found
    assert "Sort" not in found


async def test_numbers_are_found_by_whom_they_name(store: Store) -> None:
    for query in NUMBERS:
        found = await store.database.books.run(lambda connection, query=query: plan(connection, query))  # type: ignore[misc]
        assert "SCAN" not in found.replace("Bitmap Heap Scan", "").replace("Bitmap Index Scan", "")
        assert "Seq Scan" not in found
        assert "ix_" in found
