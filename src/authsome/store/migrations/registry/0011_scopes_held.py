"""Connections say which scopes were asked for and which are held, and those that run out are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    for name in ("scopes_asked", "scopes_held"):
        op.add_column("connection", sa.Column(name, sa.Text(), nullable=True))
    op.create_index(
        "ix_connection_state_is_refreshable_expires_at",
        "connection",
        ["state", "is_refreshable", "expires_at"],
    )
