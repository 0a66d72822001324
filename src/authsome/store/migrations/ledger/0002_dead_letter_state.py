"""A dead letter can be put back for sending, or be forgotten with a note."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("dead_letter", sa.Column("state", sa.Text(), server_default="refused", nullable=False))
