"""Many rows in every table that grows, by the database itself, in a second."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Boolean, Column, Connection, Date, Integer, LargeBinary, Table, Text, text

from authsome.store.tables import BOOKKEEPING, LOG, REGISTRY
from authsome.store.tables.columns import Json
from authsome.store.tables.ledger import cursor, lease, server
from authsome.store.tables.log import event_local, log_head
from authsome.store.tables.registry import consent_window, setting

BUSY = "prn_busy"  # owns every second row of every table
DAY = 86_400_000_000  # microseconds
FEW = (cursor, lease, server, setting, consent_window, log_head, event_local)
GROWING = tuple(table for table in (*REGISTRY, *LOG, *BOOKKEEPING) if table not in FEW)

OWNER = f"CASE WHEN g % 2 = 0 THEN '{BUSY}' ELSE 'prn_' || {{g}} END"
OURS: Mapping[str, str] = {
    "principal_id": OWNER,
    "subject_kind": "'principal'",
    "subject_id": OWNER,
    "name": "'principal_logged_in'",
    "sink": "'posthog'",
    "position": "g",
    "role": "'member'",
    "version": "1",
    "reported": "TRUE",
    "flow": "'api_key'",
    "is_default": "TRUE",
    "hour": "g * 3600000000",
    "ended_at": "g",
    "used_at": "g",
}
STATES = {
    "principal": "active",
    "identity": "claimed",
    "claim": "accepted",
    "connection": "revoked",
    "auth_session": "completed",
    "access_request": "denied",
    "dead_letter": "dropped",
}
# Names of custom providers and connections are their own; a nonce or limit that has run out is deleted.
THEIRS: Mapping[tuple[str, str], str] = {
    ("provider", "name"): "'p' || {g}",
    ("run", "outcome"): "'lost'",
    ("invitation", "kind"): "'invitation'",
    ("browser_session", "kind"): "'browser'",
    ("auth_session", "reason"): "'key_invalid'",
    ("connection", "reason"): "NULL",
    ("connection", "check_outcome"): "NULL",
    ("vault", "principal_id"): "'prn_' || {g}",
    ("connection", "name"): "'c' || {g}",
    ("nonce", "expires_at"): "{later} + g",
    ("limit", "resets_at"): "{later} + g",
    ("event_log", "occurred_at"): "{later} - 10 + g / 1000000",
    ("usage", "hour"): "{later} - g * 3600000000",
    ("request", "hour"): "{later} - g * 3600000000",
}


def fill(connection: Connection, tables: tuple[Table, ...], rows: int, *, now: int) -> None:
    """So many rows each, committed, with the statistics that a database keeps by itself."""
    for table in tables:
        columns = [column for column in table.columns if column.name != "seq"]
        names = ", ".join(f'"{column.name}"' for column in columns)
        values = ", ".join(
            _value(connection, column).format(g="CAST(g AS TEXT)", later=now) for column in columns
        )
        connection.execute(text(f'DELETE FROM "{table.name}"'))
        connection.execute(
            text(
                "WITH RECURSIVE numbers(g) AS (SELECT CAST(1 AS BIGINT) UNION ALL "
                f"SELECT g + 1 FROM numbers WHERE g < {rows}) "
                f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM numbers'
                if connection.dialect.name == "postgresql"
                else f'INSERT INTO "{table.name}" ({names}) '
                "WITH RECURSIVE numbers(g) AS (SELECT 1 UNION ALL "
                f"SELECT g + 1 FROM numbers WHERE g < {rows}) SELECT {values} FROM numbers"
            )
        )
    if log_head.metadata is tables[0].metadata:
        connection.execute(log_head.update().values(position=rows))


def _value(connection: Connection, column: Column[object]) -> str:
    table = column.table.name
    own = THEIRS.get((table, column.name))
    if own is not None:
        return own
    if column.name == "state":
        return f"'{STATES.get(table, 'done')}'"
    if column.name in OURS:
        return OURS[column.name]
    if isinstance(column.type, Json):
        return "'{{}}'"
    if isinstance(column.type, Boolean):
        return "TRUE"
    if isinstance(column.type, Date):
        return "'2025-01-01'" if connection.dialect.name == "sqlite" else "DATE '2025-01-01'"
    if isinstance(column.type, LargeBinary):
        return "x'00'" if connection.dialect.name == "sqlite" else "'\\x00'::bytea"
    if isinstance(column.type, Text):
        return f"'{column.name}_' || {{g}}"
    assert isinstance(column.type, Integer) or column.type.python_type is not str
    return "g"
