"""Connections that their owners share, and who gave a grant: with sharing, that need not be the owner."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_SHARED = sa.text("shared_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("connection", sa.Column("shared_at", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_connection_shared_at",
        "connection",
        ["shared_at"],
        sqlite_where=_SHARED,
        postgresql_where=_SHARED,
    )
    op.create_index(
        "ix_connection_principal_id_state_provider", "connection", ["principal_id", "state", "provider"]
    )
    op.drop_index("ix_connection_principal_id_state", "connection")
    op.add_column("grant", sa.Column("principal_id", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.execute(
        'UPDATE "grant" SET principal_id = connection.principal_id'
        ' FROM connection WHERE connection.id = "grant".connection_id'
    )
    op.create_index("ix_grant_principal_id_ended_at", "grant", ["principal_id", "ended_at"])
