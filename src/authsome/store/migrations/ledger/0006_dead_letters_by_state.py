"""Each turn of a relay asks for the dead letters that were put back, and those given up stay for ever."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index("ix_dead_letter_sink_state_position", "dead_letter", ["sink", "state", "position"])
