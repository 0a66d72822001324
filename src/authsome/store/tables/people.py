"""The registry's tables of people and agents: who there is, and who has claimed whom."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text

from authsome.store.tables.columns import Instant, identifier, metadata

METADATA = metadata()

principal = Table(
    "principal",
    METADATA,
    identifier(),
    Column("email", Text, nullable=False, unique=True),
    Column("display_name", Text),
    Column("password_hash", Text),
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_principal_role_state", "role", "state"),
)

invitation = Table(
    "invitation",
    METADATA,
    identifier(),
    Column("kind", Text, nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("principal_id", Text),
    Column("created_by", Text),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Index("ix_invitation_kind_used_at", "kind", "used_at"),
)

browser_session = Table(
    "browser_session",
    METADATA,
    identifier(),
    Column("kind", Text, nullable=False),
    Column("principal_id", Text, nullable=False),
    Column("token_hash", Text, unique=True),
    Column("did", Text, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_browser_session_principal_id_ended_at", "principal_id", "ended_at"),
)

identity = Table(
    "identity",
    METADATA,
    identifier(),
    Column("did", Text, nullable=False, unique=True),
    Column("handle", Text, nullable=False, unique=True),
    Column("label", Text),
    Column("state", Text, nullable=False),
    Column("principal_id", Text),
    Column("created_at", Instant, nullable=False),
    Column("claimed_at", Instant),
    Column("ended_at", Instant),
    Index("ix_identity_principal_id_id", "principal_id", "id"),
)

# The dids that identities had before: a key that was replaced is never registered again, by anybody.
retired_key = Table(
    "retired_key",
    METADATA,
    identifier(),
    Column("identity_id", Text, nullable=False, index=True),
    Column("did", Text, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
)

claim = Table(
    "claim",
    METADATA,
    identifier(),
    Column("identity_id", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("code_hash", Text, nullable=False),
    Column("address_key", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("opened_at", Instant),
    Column("opened_by", Text),
    Column("ended_at", Instant),
    Column("decided_by", Text),
    Column("released_at", Instant),
    Index("ix_claim_state_expires_at", "state", "expires_at"),
    Index("ix_claim_address_key_state", "address_key", "state"),
    Index("ix_claim_decided_by", "decided_by"),
)
