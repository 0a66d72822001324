"""The baselines answer the same questions: SQLite, DuckDB and the rollups agree about one history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from authsome.analytics.answers import TileAnswer
from authsome.analytics.asked import Scope, Span
from authsome.analytics.dashboards import DASHBOARDS
from authsome.analytics.tiles import answer_tile
from authsome.kit.clock import EPOCH, SystemClock
from authsome.store.books.books import Books
from authsome.store.database import SQLITE_FILES
from bench.history.fill import fill
from bench.history.plan import Plan
from bench.size.grown import project
from bench.size.raw import QUESTIONS, Ask, Question, in_duckdb, in_sqlite

DAYS = 60
RANKING = "top providers"


@dataclass
class Grown:
    span: Span
    tiles: dict[str, TileAnswer]
    engines: dict[str, Ask]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    folder: Path = tmp_path_factory.mktemp("grown")
    fill(folder, Plan(events=20_000, until=SystemClock().now()), folder / "lines.json")
    assert project(folder).facts == 20_000
    today = SystemClock().now().date()
    span = Span(today - timedelta(days=DAYS - 1), today)
    ledger = create_engine(f"sqlite:///{folder / SQLITE_FILES[1]}")
    with (
        in_sqlite(folder / SQLITE_FILES[0]) as sqlite,
        in_duckdb(folder / "raw.duckdb", folder / "lines.json") as duck,
        ledger.connect() as connection,
    ):
        books = Books(connection, SystemClock().now())
        tiles = {
            f"{dashboard.name}/{plan.key}": answer_tile(books, plan, Scope(span), head=0)
            for dashboard in DASHBOARDS
            for plan in dashboard.tiles
        }
        yield Grown(span, tiles, {"sqlite": sqlite, "duckdb": duck})
    ledger.dispose()


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.what != RANKING], ids=lambda q: q.what)
def test_days_are_counted_alike(grown: Grown, question: Question, engine: str) -> None:
    found: dict[date, int] = {}
    for number, *_, count in grown.engines[engine](question, grown.span.first):
        day = EPOCH.date() + timedelta(days=int(number))
        found[day] = found.get(day, 0) + count
    lines = [line for line in grown.tiles[question.tile].lines if line.key != "total"]
    shown = [sum(line.values[number] for line in lines) for number in range(DAYS)]
    assert [found.get(day, 0) for day in grown.span.buckets] == shown
    assert sum(shown) > 50


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_providers_are_ranked_alike(grown: Grown, engine: str) -> None:
    question = next(q for q in QUESTIONS if q.what == RANKING)
    found: Any = {name: counts for name, *counts in grown.engines[engine](question, grown.span.first)}
    assert found == {
        row.name: [*row.counts.values()] for row in grown.tiles["adoption/providers"].by["provider"]
    }
    assert len(found) > 5
