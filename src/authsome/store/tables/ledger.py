"""Bookkeeping: cursors, leases and counters. Each is written by its owner, without events."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text

from authsome.store.tables.columns import Instant, Json, metadata

METADATA = metadata()

cursor = Table(
    "cursor",
    METADATA,
    Column("reader", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("state", Json, nullable=False),
    Column("moved_at", Instant, nullable=False),
)

lease = Table(
    "lease",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

# Whose turn it is to ask a provider for a connection's next token. `asked_version` is the version of the
# connection whose refresh token has left for the provider, until its answer is dealt with.
refresh = Table(
    "refresh",
    METADATA,
    Column("connection_id", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("asked_version", Integer),
    Column("failures", Integer, nullable=False),
    Column("because", Text),
    Column("rests_until", Instant),
)

nonce = Table(
    "nonce",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("expires_at", Instant, nullable=False, index=True),
)

limit = Table(
    "limit",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("resets_at", Instant, nullable=False, index=True),
)

# What an admin asked for in a terminal and has to confirm on a page. Nothing comes of it by itself.
draft = Table(
    "draft",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("principal_id", Text, nullable=False, index=True),
    Column("content", Json, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

usage = Table(
    "usage",
    METADATA,
    Column("hour", Instant, primary_key=True),
    Column("identity_id", Text, primary_key=True),
    Column("connection_id", Text, primary_key=True),
    Column("surface", Text, primary_key=True),
    Column("outcome", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("reported", Boolean, nullable=False),
    Index("ix_usage_reported_hour", "reported", "hour"),
)

request = Table(
    "request",
    METADATA,
    Column("hour", Instant, primary_key=True),
    Column("identity_id", Text, primary_key=True),
    Column("principal_id", Text, primary_key=True),
    Column("surface", Text, primary_key=True),
    Column("outcome", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("reported", Boolean, nullable=False),
    Index("ix_request_reported_hour", "reported", "hour"),
)

server = Table(
    "server",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("flushed_at", Instant, nullable=False),
    Column("usage_dropped", BigInteger, nullable=False),
)

dead_letter = Table(
    "dead_letter",
    METADATA,
    Column("sink", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("state", Text, nullable=False, server_default="refused"),
    Index("ix_dead_letter_sink_state_position", "sink", "state", "position"),
)

person_deletion = Table(
    "person_deletion",
    METADATA,
    Column("erasure_id", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("erased_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("requested_at", Instant),
    Column("verified_at", Instant),
    Column("persons", Integer),
    Column("left", BigInteger),
    Column("because", Text),
    Index("ix_person_deletion_state_next_at", "state", "next_at"),
)
