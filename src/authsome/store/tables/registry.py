"""The registry: what exists and in which state. Written only through a unit of work."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text, false

from authsome.store.tables.columns import EMPTY, Instant, Json, few, identifier
from authsome.store.tables.people import (
    METADATA,
    browser_session,
    claim,
    identity,
    invitation,
    principal,
    retired_key,
)

__all__ = ["METADATA", "browser_session", "claim", "identity", "invitation", "principal", "retired_key"]

provider = Table(
    "provider",
    METADATA,
    identifier(),
    Column("name", Text, nullable=False, unique=True),
    Column("definition", Json, nullable=False),
    Column("private_addresses", Json, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

vault = Table(
    "vault",
    METADATA,
    identifier(),
    Column("principal_id", Text, nullable=False, unique=True),
    Column("key_id", Text, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
)

connection = Table(
    "connection",
    METADATA,
    identifier(),
    Column("principal_id", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("is_default", Boolean, nullable=False),
    Column("vault_id", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("first_used_at", Instant),
    Column("first_used_by", Text),
    Column("ended_at", Instant),
    Column("expires_at", Instant),
    Column("refresh_at", Instant),
    Column("is_refreshable", Boolean, nullable=False, server_default=false()),
    Column("reason", Text),
    Column("shared_at", Instant),
    Column("scopes_asked", Json),
    Column("scopes_held", Json),
    Column("holder", Text),
    Column("check_due", Boolean, nullable=False, server_default=false()),
    Column("checked_at", Instant),
    Column("check_outcome", Text),
    Index("ix_connection_principal_id_state_provider", "principal_id", "state", "provider"),
    # Of a few rows among very many: an index of all would be searched through its empty values.
    few("ix_connection_shared_at", "shared_at", where="shared_at IS NOT NULL"),
    few("ix_connection_check_due", "id", where="check_due"),
    Index("ix_connection_provider_state", "provider", "state"),
    Index("ix_connection_state_is_refreshable_expires_at", "state", "is_refreshable", "expires_at"),
    Index("ix_connection_principal_id_ended_at", "principal_id", "ended_at"),
    Index("ix_connection_principal_id_id", "principal_id", "id"),
)

# What this installation is at a provider: as an admin registered it there, or as it did so itself.
oauth_client = Table(
    "oauth_client",
    METADATA,
    identifier(),
    Column("provider", Text, nullable=False, unique=True),
    Column("client_id", Text, nullable=False),
    Column("vault_id", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("origin", Text, nullable=False, server_default="given"),
    Column("issuer", Text),
    Column("expires_at", Instant),
)

# Tokens of revoked connections that their provider is still to take back; sealed until then.
revocation = Table(
    "revocation",
    METADATA,
    identifier(),
    Column("connection_id", Text, nullable=False, index=True),
    Column("provider", Text, nullable=False),
    Column("vault_id", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", Text),
    few("ix_revocation_pending", "id", where="ended_at IS NULL"),
)

grant = Table(
    "grant",
    METADATA,
    identifier(),
    Column("identity_id", Text, nullable=False),
    Column("connection_id", Text, nullable=False),
    Column("principal_id", Text, nullable=False, server_default=EMPTY),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("expires_at", Instant),
    Column("given_until", Instant),
    Index("ix_grant_identity_id_ended_at", "identity_id", "ended_at"),
    Index("ix_grant_connection_id_ended_at", "connection_id", "ended_at"),
    Index("ix_grant_principal_id_ended_at", "principal_id", "ended_at"),
)

# What identities ask their principals for.
access_request = Table(
    "access_request",
    METADATA,
    identifier(),
    Column("identity_id", Text, nullable=False),
    Column("principal_id", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("connection_name", Text),
    Column("lasts_seconds", Integer),
    Column("note", Text),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("grant_id", Text),
    Index("ix_access_request_identity_id_created_at", "identity_id", "created_at"),
    Index("ix_access_request_principal_id_state_expires_at", "principal_id", "state", "expires_at"),
)

auth_session = Table(
    "auth_session",
    METADATA,
    identifier(),
    Column("principal_id", Text, nullable=False),
    Column("identity_id", Text),
    Column("provider", Text, nullable=False),
    Column("connection_name", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("connection_id", Text),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("scopes", Json),
    Column("reauthorizes", Text),
    Column("state_hash", Text),
    Column("browser_session_id", Text),
    Column("server", Text),
    *(Column(name, Text) for name in ("user_code", "verification_uri", "verification_uri_complete")),
    Column("poll_seconds", Integer),
    Column("vault_id", Text),
    Column("sealed", LargeBinary),
    Index("uq_auth_session_state_hash", "state_hash", unique=True),
    Index("ix_auth_session_state_expires_at", "state", "expires_at"),
    Index("ix_auth_session_principal_id_state", "principal_id", "state"),
    Index("ix_auth_session_principal_id_id", "principal_id", "id"),
)

run = Table(
    "run",
    METADATA,
    identifier(),
    Column("identity_id", Text, nullable=False),
    Column("principal_id", Text, nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", Text),
    Index("ix_run_identity_id_ended_at", "identity_id", "ended_at"),
    Index("ix_run_ended_at", "ended_at"),
    Index("ix_run_principal_id_id", "principal_id", "id"),
)

setting = Table(
    "setting",
    METADATA,
    identifier(),
    Column("value", Json, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

consent_window = Table(
    "consent_window",
    METADATA,
    identifier(),
    Column("sink", Text, nullable=False),
    Column("opened_position", BigInteger, nullable=False),
    Column("closed_position", BigInteger),
    Column("settings", Json, nullable=False),
    Column("catalogue_hash", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

erasure = Table(
    "erasure",
    METADATA,
    identifier(),
    Column("kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("destroyed", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
)

# Its id is what the subject was counted under: a principal's id, an identity's handle.
erased_subject = Table(
    "erased_subject",
    METADATA,
    identifier(),
    Column("kind", Text, nullable=False),
    Column("erasure_id", Text, nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
)
