"""A grant may last until a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    for name in ("expires_at", "given_until"):
        op.add_column("grant", sa.Column(name, sa.BigInteger(), nullable=True))
