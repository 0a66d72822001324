"""Requests to the API and for pages are counted by the hour, as proxied ones are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "request",
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("identity_id", sa.Text(), nullable=False),
        sa.Column("principal_id", sa.Text(), nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("reported", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "hour", "identity_id", "principal_id", "surface", "outcome", name=op.f("pk_request")
        ),
    )
    op.create_index("ix_request_reported_hour", "request", ["reported", "hour"], unique=False)
