"""Auth sessions that wait for a code to be typed at the provider (RFC 8628)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    for column in (
        sa.Column("user_code", sa.Text(), nullable=True),
        sa.Column("verification_uri", sa.Text(), nullable=True),
        sa.Column("verification_uri_complete", sa.Text(), nullable=True),
        sa.Column("poll_seconds", sa.Integer(), nullable=True),
        sa.Column("vault_id", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
    ):
        op.add_column("auth_session", column)
