"""Tokens of revoked connections that a provider is asked to take back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_PENDING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "revocation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("vault_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocation")),
    )
    op.create_index("ix_revocation_connection_id", "revocation", ["connection_id"])
    op.create_index(
        "ix_revocation_pending", "revocation", ["id"], sqlite_where=_PENDING, postgresql_where=_PENDING
    )
    op.create_index("ix_connection_principal_id_ended_at", "connection", ["principal_id", "ended_at"])
