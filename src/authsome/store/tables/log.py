"""The event log: append-only, and the one source for audit, analytics and PostHog."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from authsome.store.tables.columns import Instant, Json
from authsome.store.tables.registry import METADATA

# `seq` is insertion order and nothing more. Readers follow `position`, which the sequencer gives
# to committed rows only, without gaps. SQLite gives ROWIDs only to INTEGER, hence the variant.
_SEQ = BigInteger().with_variant(Integer, "sqlite")

event_log = Table(
    "event_log",
    METADATA,
    Column("seq", _SEQ, primary_key=True, autoincrement=True),
    Column("position", BigInteger, unique=True),  # the sequencer finds the unplaced by this index too
    Column("id", Text, nullable=False, unique=True),
    Column("uuid", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("fields", Json, nullable=False),
    Column("digests", Json, nullable=False),
    Column("chain", LargeBinary),
    Index("ix_event_log_subject_id_seq", "subject_id", "seq"),
    sqlite_autoincrement=True,  # an emptied table must not hand out old numbers again
)

event_local = Table(
    "event_local",
    METADATA,
    Column("event_id", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("value", Json, nullable=False),
    Column("salt", LargeBinary, nullable=False),
)

log_head = Table(
    "log_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("chain", LargeBinary, nullable=False),
)

# Whose `Local` values are still to be erased: all facts about a subject behind `after_seq`; with an owner,
# those that name it. It lies beside the log, so that a value and the note that it is done go together.
forgetting = Table(
    "forgetting",
    METADATA,
    Column("subject_id", Text, primary_key=True),
    Column("owner_id", Text, primary_key=True),  # '' for all of the subject's
    Column("after_seq", BigInteger, nullable=False),
)
