"""Keys can be replaced, and claims released."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "retired_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("identity_id", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retired_key")),
        sa.UniqueConstraint("did", name=op.f("uq_retired_key_did")),
    )
    op.create_index(op.f("ix_retired_key_identity_id"), "retired_key", ["identity_id"], unique=False)
    op.add_column("claim", sa.Column("released_at", sa.BigInteger(), nullable=True))
