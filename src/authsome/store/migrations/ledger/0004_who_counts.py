"""Rollups keep all whom an event names together, so that an erased one can be taken out of every count.

The rollups themselves are made anew from the log by the next server that runs. What retention has sealed
cannot be: it is carried over, one row for each name as before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

WHO = ("principal_id", "identity_handle", "subject_id")


def upgrade() -> None:
    for prefix in ("rollup", "baseline"):
        for kind in ("subject", "milestone"):
            op.drop_index(f"ix_{prefix}_{kind}_subject", f"{prefix}_{kind}")
        op.drop_index(f"ix_{prefix}_milestone_first_at", f"{prefix}_milestone")
        for kind in ("subject", "milestone"):
            op.rename_table(f"{prefix}_{kind}", f"{prefix}_{kind}_before")
            if op.get_bind().dialect.name == "postgresql":  # the name of the key stays with the old table
                op.execute(f"ALTER INDEX pk_{prefix}_{kind} RENAME TO pk_{prefix}_{kind}_before")
        _create(prefix)
    who = ", ".join(f"CASE WHEN counted = '{name}' THEN subject ELSE '' END" for name in WHO)
    op.execute(
        f"INSERT INTO baseline_subject SELECT event, day, provider, '', '', {who}, count "  # noqa: S608
        "FROM baseline_subject_before"
    )
    op.execute(
        f"INSERT INTO baseline_milestone SELECT event, {who}, first_at FROM baseline_milestone_before"  # noqa: S608
    )
    for prefix in ("rollup", "baseline"):
        for kind in ("subject", "milestone"):
            op.drop_table(f"{prefix}_{kind}_before")
    op.create_table(
        "uncounted",
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uncounted")),
    )


def _create(prefix: str) -> None:
    op.create_table(
        f"{prefix}_subject",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in WHO),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "event", "day", "provider", "flow", "reason", *WHO, name=op.f(f"pk_{prefix}_subject")
        ),
    )
    op.create_table(
        f"{prefix}_milestone",
        sa.Column("event", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in WHO),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("event", *WHO, name=op.f(f"pk_{prefix}_milestone")),
    )
    op.create_index(f"ix_{prefix}_milestone_first_at", f"{prefix}_milestone", ["event", "first_at"])
    for kind in ("subject", "milestone"):
        for name in WHO:
            op.create_index(f"ix_{prefix}_{kind}_{name}", f"{prefix}_{kind}", [name])
