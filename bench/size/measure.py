"""Measure one size after another: everything that is asked of each, as plain values."""

from __future__ import annotations

import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine

from authsome.analytics.asked import Scope, Span
from authsome.analytics.dashboards import DASHBOARDS
from authsome.analytics.tiles import answer_tile
from authsome.kit.clock import SystemClock
from authsome.store.books.books import Books
from authsome.store.database import SQLITE_FILES
from bench.history.fill import fill
from bench.history.plan import Plan
from bench.servers import folder
from bench.size import grown, raw
from bench.size.grown import Projected, apart
from bench.size.served import Served, milliseconds, served

USUAL_DAYS = 30
RANGES = (7, 30, 90, 365)
LOOKS, FEW_LOOKS = 60, 15


@dataclass(frozen=True, slots=True)
class Asked:
    """Milliseconds of one question of a dashboard: the rollups', SQLite's and DuckDB's."""

    dashboard: str
    what: str
    rollups: float
    sqlite: float
    duckdb: float


@dataclass(slots=True)
class Sized:
    """What was measured at one size. `ranges` are pairs of subjects and milliseconds, by days."""

    events: int
    subjects: int
    filled: float = 0.0
    appended: float = 0.0
    projected: Projected | None = None
    rebuilt: float = 0.0
    server_peak_mb: float = 0.0
    disk: dict[str, float] = field(default_factory=dict)
    pages: dict[str, tuple[float, float]] = field(default_factory=dict)
    ranges: dict[int, tuple[int, float]] = field(default_factory=dict)
    tiles: dict[str, float] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)


def measure(events: int) -> Sized:
    """Grow an installation, measure it, delete it."""
    plan = Plan(events=events, until=SystemClock().now())
    found = Sized(events, plan.subjects)
    with folder() as home:
        data = home / "server"
        data.mkdir(mode=0o700)
        lines = home / "lines.json"
        say(f"{events:,} facts: filling")
        began = time.perf_counter()
        apart(partial(fill, data, plan, lines))
        found.filled = events / (time.perf_counter() - began)
        found.appended = apart(partial(grown.append, data))
        say("projecting")
        found.projected = apart(partial(grown.project, data))
        found.disk["log"], found.disk["rollups"] = grown.megabytes(data)
        say("asking the raw events")
        _ask(found, data, home / "raw.duckdb", lines)
        found.disk["duckdb"] = (home / "raw.duckdb").stat().st_size / 1e6
        lines.unlink()
        with served(home) as server:
            _look(found, data, server)
    return found


def _ask(found: Sized, data: Path, database: Path, lines: Path) -> None:
    """Each tile of the rollups, and what they answer of SQLite and DuckDB, over the usual days."""
    today = SystemClock().now().date()
    span = Span(today - timedelta(days=USUAL_DAYS - 1), today)
    ledger = create_engine(f"sqlite:///{data / SQLITE_FILES[1]}")
    with (
        raw.in_sqlite(data / SQLITE_FILES[0]) as sqlite,
        raw.in_duckdb(database, lines) as duck,
        ledger.connect() as connection,
    ):
        books = Books(connection, SystemClock().now())
        tiles = {
            f"{plan.name}/{tile.key}": milliseconds(
                partial(answer_tile, books, tile, Scope(span), head=0), FEW_LOOKS
            )[0]
            for plan in DASHBOARDS
            for tile in plan.tiles
        }
        found.tiles = tiles
        for question in raw.QUESTIONS:
            scanned = milliseconds(partial(sqlite, question, span.first), 1)[0]
            columns = milliseconds(partial(duck, question, span.first), 3)[0]
            dashboard = question.tile.partition("/")[0]
            found.asked.append(Asked(dashboard, question.what, tiles[question.tile], scanned, columns))
    ledger.dispose()


def _look(found: Sized, data: Path, server: Served) -> None:
    say("looking at the pages")
    server.settle()
    for name, look in server.look(USUAL_DAYS).items():
        found.pages[name] = milliseconds(look, LOOKS)
    today = SystemClock().now().date()
    for days in RANGES:
        shown = sum(milliseconds(look, FEW_LOOKS)[0] for look in server.look(days).values())
        found.ranges[days] = subjects_since(data, today - timedelta(days=days - 1)), shown
    say("rebuilding")
    found.rebuilt = server.rebuild()
    found.server_peak_mb = server.peak_mb


def subjects_since(data: Path, first: date) -> int:
    """How many principals and identities the numbers from that day on are about."""
    query = "SELECT count(DISTINCT {0}) FROM rollup_subject WHERE day >= ? AND {0} <> ''"
    with closing(sqlite3.connect(data / SQLITE_FILES[1])) as ledger:
        return sum(
            ledger.execute(query.format(name), (first.isoformat(),)).fetchone()[0]
            for name in ("principal_id", "identity_handle")
        )


def say(what: str) -> None:
    """For whoever waits: the full run takes an hour."""
    print(f"  {what} …", file=sys.stderr, flush=True)
