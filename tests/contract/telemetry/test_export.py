"""Whoever takes facts elsewhere gets those they asked for, each once, and nobody who was erased."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import delete

from authsome.kit.event import Privacy
from authsome.store.event_log import Wanted
from authsome.store.tables.log import event_log
from authsome.store.transactions import Store
from authsome.telemetry import catalogue
from authsome.telemetry.export import (
    ALWAYS,
    EVERYTHING,
    FactsPage,
    FactsUnknown,
    columns,
    facts_page,
    wanted,
)
from authsome.telemetry.sinks.lines import plain
from tests.support.history import agent, claimed, log, registered

A, B, LATE = "brisk-amber-otter-4821", "calm-brown-heron-0042", "late-green-finch-9999"
JAN, FEB, MAR = (datetime(2026, month, 15, 12, tzinfo=UTC) for month in (1, 2, 3))


async def page(store: Store, asked: Wanted = EVERYTHING, *, after: int = 0, limit: int = 100) -> FactsPage:
    return await store.read(
        lambda view: facts_page(view, asked, installation_id=store.installation_id, after=after, limit=limit)
    )


async def history(store: Store) -> int:
    """Facts in three months, and where the log ended before them."""
    before = (await page(store)).head
    await log(store, (JAN, agent(A)), (JAN, registered("prn_1")), (FEB, agent(B)), (MAR, claimed(B, "prn_1")))
    return before


async def test_only_what_was_asked_for_is_there(store: Store) -> None:
    before = await history(store)
    names = [fact.name for fact in (await page(store, wanted(["identity_registered"]))).facts]
    assert names == ["identity_registered"] * 2
    feb = wanted(since=date(2026, 2, 1), until=date(2026, 2, 15))
    found = await page(store, feb, after=before)
    assert [(fact.name, fact.fields["identity_handle"]) for fact in found.facts] == [
        ("identity_registered", B)
    ]
    assert found.upto == found.head == before + 4


async def test_a_day_is_whole_and_in_utc(store: Store) -> None:
    before = await history(store)
    last = datetime(2026, 4, 1, 23, 59, 59, 999_999, tzinfo=UTC)
    await log(store, (last, agent(LATE)))
    one = wanted(since=date(2026, 4, 1), until=date(2026, 4, 1))
    assert [fact.occurred_at for fact in (await page(store, one, after=before)).facts] == [last]
    other = wanted(since=date(2026, 4, 2))
    handles = [f.fields.get("identity_handle") for f in (await page(store, other, after=before)).facts]
    assert LATE not in handles


async def test_pages_put_together_are_everything_once(store: Store) -> None:
    before = await history(store)
    found: list[int] = []
    at = before
    while True:
        got = await page(store, after=at, limit=3)
        found += [fact.position for fact in got.facts]
        at = got.upto
        if at == got.head:
            break
    assert found == list(range(before + 1, before + 5))


async def test_a_log_that_retention_has_shortened_is_read_from_where_it_begins(store: Store) -> None:
    before = await history(store)
    await store.keep_log(
        lambda connection: connection.execute(delete(event_log).where(event_log.c.position <= before + 2))
    )
    assert [fact.position for fact in (await page(store)).facts] == [before + 3, before + 4]


async def test_behind_the_end_there_is_nothing(store: Store) -> None:
    head = (await page(store)).head
    got = await page(store, after=head + 1_000)
    assert (got.facts, got.upto, got.head) == ((), head, head)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"names": ["identity_claimd"]}, "did you mean identity_claimed?"),
        ({"names": ["%"]}, "there is no event %"),
        ({"since": date(2026, 2, 2), "until": date(2026, 2, 1)}, "is before"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(asked: dict[str, Any], says: str) -> None:
    with pytest.raises(FactsUnknown, match=says.replace("?", r"\?")):
        wanted(**asked)


def test_every_field_that_may_leave_has_one_column_of_one_type() -> None:
    fields: dict[str, set[str]] = {}
    for event in catalogue.events().values():
        for field, schema in catalogue.schema(event)["properties"].items():
            fields.setdefault(field, set()).add(schema["type"])
    assert {field: {kind} for field, kind in columns().items() if field not in ALWAYS} == fields
    assert list(columns()) == [*ALWAYS, *sorted(fields)]
    assert not ALWAYS.keys() & fields.keys(), "a field by the name of what every fact has would hide it"
    local = {
        field for e in catalogue.events().values() for field, p in e.privacy.items() if p is Privacy.LOCAL
    }
    assert local - fields.keys() == local - columns().keys() != set()


async def test_what_every_fact_has_is_what_the_columns_say(store: Store) -> None:
    await history(store)
    fact = plain((await page(store)).facts[-1])
    assert set(fact) == {*ALWAYS, "fields"}
