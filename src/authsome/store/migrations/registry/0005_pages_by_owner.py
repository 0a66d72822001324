"""A page of one owner's things costs the page, however many things there are."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_index("ix_invitation_kind_used_at", "invitation", ["kind", "used_at"])
    op.create_index(
        "ix_browser_session_principal_id_ended_at", "browser_session", ["principal_id", "ended_at"]
    )
    op.drop_index("ix_browser_session_principal_id", "browser_session")
    op.drop_index("ix_identity_principal_id", "identity")
    for table in ("identity", "connection", "auth_session", "run"):
        op.create_index(f"ix_{table}_principal_id_id", table, ["principal_id", "id"])
