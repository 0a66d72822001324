"""The questions of the pages, asked of the raw events: in SQLite where they lie, and in DuckDB.

As somebody would without rollups: filter by name and time, take fields out of the JSON, count by day.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from authsome.kit.clock import EPOCH

DAY = 86_400_000_000
Answer = Sequence[tuple[Any, ...]]
Ask = Callable[["Question", date], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`select`, `by` and `only` name fields in braces; `of` are the names of the events."""

    what: str
    tile: str
    select: str
    by: str
    of: tuple[str, ...]
    only: str = "true"


PROVIDER = "coalesce({custom_provider}, {provider})"
QUESTIONS = (
    Question(
        what="registered principals by day",
        tile="adoption/principals",
        select="count(DISTINCT {principal_id})",
        by="{day}",
        of=("principal_registered",),
    ),
    Question(
        what="identities registered, claimed, rejected by day",
        tile="adoption/identities",
        select="count(DISTINCT {identity_handle})",
        by="{day}, name",
        of=("identity_registered", "identity_claimed", "identity_claim_rejected"),
    ),
    Question(
        what="how auth sessions ended by day",
        tile="adoption/auth_sessions",
        select="count(DISTINCT {auth_session_id})",
        by="{day}, name",
        of=(
            "auth_session_completed",
            "auth_session_failed",
            "auth_session_expired",
            "auth_session_cancelled",
        ),
    ),
    Question(
        what="active agents by day",
        tile="adoption/active_agents",
        select="count(DISTINCT {identity_handle})",
        by="{day}",
        of=("credentials_used", "run_started"),
        only="coalesce({outcome}, 'delivered') = 'delivered'",
    ),
    Question(
        what="top providers",
        tile="adoption/providers",
        select="count(DISTINCT {connection_id}), count(DISTINCT {principal_id})",
        by=PROVIDER,
        of=("connection_created",),
    ),
    Question(
        what="uses of credentials by outcome and day",
        tile="reliability/credential_use",
        select="sum(CAST({count} AS BIGINT))",
        by="{day}, {outcome}",
        of=("credentials_used",),
    ),
    Question(
        what="uses of credentials by surface and day",
        tile="reliability/use_by_surface",
        select="sum(CAST({count} AS BIGINT))",
        by="{day}, {surface}",
        of=("credentials_used",),
    ),
)


class Fields(dict[str, str]):
    """How an engine takes a field out of the JSON."""

    def __init__(self, form: str, *, day: str) -> None:
        super().__init__(day=day)
        self._form = form

    def __missing__(self, name: str) -> str:
        return self._form.format(name)


SQLITE = Fields("json_extract(fields, '$.{}')", day=f"occurred_at / {DAY}")
DUCKDB = Fields("json_extract_string(fields, '$.{}')", day=f"occurred_at // {DAY}")


def spelled(question: Question, fields: Fields, since: date) -> str:
    names = ", ".join(f"'{name}'" for name in question.of)
    by = question.by.format_map(fields)
    micros = (since - EPOCH.date()).days * DAY
    return (
        f"SELECT {by}, {question.select.format_map(fields)} FROM event_log "
        f"WHERE name IN ({names}) AND occurred_at >= {micros} AND {question.only.format_map(fields)} "
        f"GROUP BY {by}"
    )


@contextmanager
def in_sqlite(registry: Path) -> Iterator[Ask]:
    """Ask the log where it lies."""
    with closing(sqlite3.connect(f"file:{registry}?mode=ro", uri=True)) as connection:
        yield lambda question, since: connection.execute(spelled(question, SQLITE, since)).fetchall()


@contextmanager
def in_duckdb(database: Path, lines: Path) -> Iterator[Ask]:
    """Ask DuckDB, once it has read the lines into a table of its own."""
    columns = "{name: 'VARCHAR', occurred_at: 'BIGINT', fields: 'JSON'}"
    with closing(duckdb.connect(str(database), config={"memory_limit": "4GB"})) as connection:
        connection.execute(
            "CREATE TABLE event_log AS SELECT * FROM "
            f"read_json('{lines}', format='newline_delimited', columns={columns})"
        )
        connection.execute("CHECKPOINT")
        yield lambda question, since: connection.execute(spelled(question, DUCKDB, since)).fetchall()
