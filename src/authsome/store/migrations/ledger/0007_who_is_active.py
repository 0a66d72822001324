"""Rollups keep by which surface and with which outcome, and who was active in a day, week or month.

The rollups themselves are made anew from the log by the next server that runs. What retention has sealed
cannot be: it is carried over, without what was not kept then.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BEFORE = ("provider", "flow", "reason")
NEW = ("surface", "outcome")
WHO = ("principal_id", "identity_handle", "subject_id")
BY_WHO = {
    "principal_id": ["event", "day", "outcome", "identity_handle"],
    "identity_handle": ["event", "day", "outcome", "principal_id"],
    "subject_id": ["event", "day"],
}


def upgrade() -> None:
    for prefix in ("rollup", "baseline"):
        for kind in ("daily", "subject", "milestone"):
            _put_aside(f"{prefix}_{kind}")
        _create(prefix)
    dimensions, who = ", ".join(BEFORE), ", ".join(WHO)
    op.execute(
        f"INSERT INTO baseline_daily SELECT event, day, {dimensions}, '', '', count "  # noqa: S608
        "FROM baseline_daily_before"
    )
    op.execute(
        f"INSERT INTO baseline_subject SELECT event, day, {dimensions}, '', '', {who}, count "  # noqa: S608
        "FROM baseline_subject_before"
    )
    op.execute(
        f"INSERT INTO baseline_milestone SELECT event, '', {who}, first_at "  # noqa: S608
        "FROM baseline_milestone_before"
    )
    for prefix in ("rollup", "baseline"):
        for kind in ("daily", "subject", "milestone"):
            op.drop_table(f"{prefix}_{kind}_before")
    _create_active()


def _put_aside(table: str) -> None:
    if table.endswith("_milestone"):
        op.drop_index(f"ix_{table}_first_at", table)
    if not table.endswith("_daily"):
        for name in WHO:
            op.drop_index(f"ix_{table}_{name}", table)
    op.rename_table(table, f"{table}_before")
    if op.get_bind().dialect.name == "postgresql":  # the name of the key stays with the old table
        op.execute(f"ALTER INDEX pk_{table} RENAME TO pk_{table}_before")


def _create(prefix: str) -> None:
    _table(f"{prefix}_daily", ("event", "day", *BEFORE, *NEW), "count")
    _table(f"{prefix}_subject", ("event", "day", *BEFORE, *NEW, *WHO), "count")
    _table(f"{prefix}_milestone", ("event", "outcome", *WHO), "first_at")
    op.create_index(f"ix_{prefix}_milestone_first_at", f"{prefix}_milestone", ["event", "first_at"])
    for name in WHO:
        op.create_index(f"ix_{prefix}_subject_{name}", f"{prefix}_subject", [name, *BY_WHO[name]])
        op.create_index(f"ix_{prefix}_milestone_{name}", f"{prefix}_milestone", [name, "event"])


def _create_active() -> None:
    _table("rollup_active", ("activity", "period", "start", "id"), None)
    op.create_index("ix_rollup_active_id", "rollup_active", ["id", "activity", "period", "start"])
    _table("rollup_active_count", ("activity", "period", "start"), "count")


def _table(name: str, keys: tuple[str, ...], value: str | None) -> None:
    dates = ("day", "start")
    columns = [sa.Column(key, sa.Date() if key in dates else sa.Text(), nullable=False) for key in keys]
    if value:
        columns.append(sa.Column(value, sa.BigInteger(), nullable=False))
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{name}")))
