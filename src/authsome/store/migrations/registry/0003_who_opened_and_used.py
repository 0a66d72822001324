"""Rows say who opened a claim and who first used a connection, so that these facts can be written again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("claim", sa.Column("opened_by", sa.Text(), nullable=True))
    op.add_column("connection", sa.Column("first_used_by", sa.Text(), nullable=True))
