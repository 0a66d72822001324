"""Auth sessions say whether somebody is at the provider's page, and which scopes are asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("auth_session", sa.Column("scopes", sa.Text(), nullable=True))
    op.execute("UPDATE auth_session SET state = 'waiting' WHERE state = 'open' AND state_hash IS NOT NULL")
    op.execute("UPDATE auth_session SET state = 'pending' WHERE state = 'open'")
