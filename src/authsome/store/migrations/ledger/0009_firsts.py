"""What each agent did first stands in one row, for funnels and cohorts.

It is empty until the rollups are made anew, which the next server that runs does by itself.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

COLUMNS = ("registered_at", "opened_at", "claimed_at", "used_at")


def upgrade() -> None:
    op.create_table(
        "rollup_firsts",
        sa.Column("id", sa.Text(), nullable=False),
        *(sa.Column(column, sa.BigInteger(), nullable=True) for column in COLUMNS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollup_firsts")),
    )
    op.create_index("ix_rollup_firsts_registered_at", "rollup_firsts", list(COLUMNS))
    op.create_index("ix_rollup_firsts_claimed_at", "rollup_firsts", ["claimed_at", "id"])
