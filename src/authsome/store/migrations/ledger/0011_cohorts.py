"""Beside who was active in a week stands with whom they began.

It is empty until the rollups are made anew, which the next server that runs does by itself.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

PLACED = sa.text("cohort IS NOT NULL")


def upgrade() -> None:
    op.add_column("rollup_active", sa.Column("cohort", sa.Date(), nullable=True))
    op.create_index(
        "ix_rollup_active_cohort",
        "rollup_active",
        ["activity", "cohort", "start"],
        sqlite_where=PLACED,
        postgresql_where=PLACED,
    )
