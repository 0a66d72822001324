"""ClickHouse in this process, with PostHog's table of events.

The table is that of posthog/models/event/sql.py without replication and shards. What decides how rows are
told apart is kept as it is: a ReplacingMergeTree that merges rows of one (team, day, event, distinct_id,
uuid) some time later, or never. Here merging is stopped, and happens when a test says so.
"""

from __future__ import annotations

import atexit
import functools
import importlib.util
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

REQUIRED = os.environ.get("AUTHSOME_REQUIRE_CHDB") == "1"
MISSING = "chdb, ClickHouse's embedded engine, is not installed; `make deep` installs it and runs this"

TABLE = """
CREATE TABLE events (
    uuid UUID,
    event String,
    properties String,
    timestamp DateTime64(6, 'UTC'),
    team_id Int64,
    distinct_id String,
    elements_chain String,
    created_at DateTime64(6, 'UTC'),
    person_id UUID,
    person_created_at DateTime64(3, 'UTC'),
    person_properties String,
    group0_properties String, group1_properties String, group2_properties String,
    group3_properties String, group4_properties String,
    person_mode Enum8('full' = 0, 'propertyless' = 1, 'force_upgrade' = 2),
    `$group_0` String MATERIALIZED replaceRegexpAll(JSONExtractRaw(properties, '$group_0'), '^"|"$', ''),
    _timestamp DateTime,
    _offset UInt64,
    inserted_at Nullable(DateTime64(6, 'UTC')) DEFAULT NOW64()
)
ENGINE = ReplacingMergeTree(_timestamp)
PARTITION BY toYYYYMM(timestamp)
ORDER BY (team_id, toDate(timestamp), event, cityHash64(distinct_id), cityHash64(uuid))
"""


@pytest.fixture(scope="session")
def clickhouse() -> Engine:
    """The engine of this process. Skips where it is not installed, unless it is required."""
    if importlib.util.find_spec("chdb") is None:
        if REQUIRED:
            pytest.fail(f"AUTHSOME_REQUIRE_CHDB=1, but {MISSING}")
        pytest.skip(MISSING)
    return _only_one()


@dataclass(frozen=True)
class Answer:
    """Rows, and the types of their columns in ClickHouse's words."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Engine:
    """One session; a process can have no second one."""

    def __init__(self) -> None:
        from chdb.session import Session

        self._folder = tempfile.TemporaryDirectory(prefix="clickhouse-")
        self._session: Any = Session(self._folder.name)
        atexit.register(self._session.close)  # before the engine's own end, which complains of open tables
        self._do("CREATE DATABASE posthog ENGINE = Atomic")
        self._do("USE posthog")
        self._do(TABLE)
        self._do("SYSTEM STOP MERGES events")

    def empty(self) -> None:
        """Forget all rows."""
        self._do("TRUNCATE TABLE events")

    def insert(self, rows: Iterable[dict[str, Any]]) -> None:
        """Add rows in one block, as one message of PostHog's would. Nothing is merged with older blocks."""
        lines = "\n".join(json.dumps(row) for row in rows)
        if lines:
            self._do(f"INSERT INTO events FORMAT JSONEachRow {lines}")

    def merge(self) -> None:
        """What the background does to rows of the same key, at a time that nobody knows."""
        self._do("SYSTEM START MERGES events")
        self._do("OPTIMIZE TABLE events FINAL")
        self._do("SYSTEM STOP MERGES events")

    def ask(self, sql: str) -> Answer:
        """Run a query. A time of day comes with its zone, as ClickHouse gave it."""
        said = json.loads(self._session.query(sql, "JSONCompact").bytes())
        types = tuple(column["type"] for column in said["meta"])
        rows = [tuple(map(_value, row, types)) for row in said["data"]]
        return Answer(tuple(column["name"] for column in said["meta"]), types, rows)

    def _do(self, sql: str) -> None:
        self._session.query(sql)


@functools.cache
def _only_one() -> Engine:
    return Engine()


def _value(value: Any, kind: str) -> Any:
    kind = kind.removeprefix("Nullable(")
    if value is None:
        return None
    if kind.startswith("DateTime"):
        zone = kind.split("'")[1] if "'" in kind else "UTC"
        return datetime.fromisoformat(value).replace(tzinfo=ZoneInfo(zone))
    if kind.startswith("Date"):
        return date.fromisoformat(value)
    return value
