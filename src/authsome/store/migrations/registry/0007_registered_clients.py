"""Clients that providers gave to whoever asked, and the server that a person was sent to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("auth_session", sa.Column("server", sa.Text(), nullable=True))
    for column in (
        sa.Column("origin", sa.Text(), nullable=False, server_default="given"),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
    ):
        op.add_column("oauth_client", column)
