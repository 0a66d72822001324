"""Connections say whose account they are at their provider, and whether it takes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_DUE = sa.text("check_due")


def upgrade() -> None:
    for column in (
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("check_due", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.Column("check_outcome", sa.Text(), nullable=True),
    ):
        op.add_column("connection", column)
    op.create_index("ix_connection_check_due", "connection", ["id"], sqlite_where=_DUE, postgresql_where=_DUE)
