"""Rollups: counts kept by projections, so that a page costs what it shows, not what happened.

Each has a twin that holds the share of events which retention has deleted: the baseline from which a
rebuild starts. Who was in an event is kept by all that it names together, and with every dimension of the
daily counts: so what counts no more, once one of them is erased, can be taken out of all of them without the
log, which may not hold it any longer. `''` is for what an event does not have.

Who was active in a day, week or month, and with whom they began, is an index over the subject rows, and what
an agent did first one over the milestones: both can be made from these, and have no twin. `active_count`
says how many there are, so that a page does not count them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Table, Text, text

from authsome.store.tables.columns import Instant
from authsome.store.tables.ledger import METADATA

DIMENSIONS = ("provider", "flow", "reason", "surface", "outcome")
# Whom an event names; `subject_id` is whom it is about, where that is none of the others.
WHO = ("principal_id", "identity_handle", "subject_id")


def _keys(*names: str) -> list[Column[str]]:
    return [Column(name, Text, primary_key=True) for name in names]


# Each has all that questions about one of many ask for: SQLite knows no numbers of rows, and rather reads
# an index with every column it needs than the one that leads to the few rows.
BY_WHO = {
    "principal_id": ("event", "day", "outcome", "identity_handle"),
    "identity_handle": ("event", "day", "outcome", "principal_id"),
    "subject_id": ("event", "day"),
}


def _daily(prefix: str) -> Table:
    return Table(
        f"{prefix}_daily",
        METADATA,
        Column("event", Text, primary_key=True),
        Column("day", Date, primary_key=True),
        *_keys(*DIMENSIONS),
        Column("count", BigInteger, nullable=False),
    )


def _subject(prefix: str) -> Table:
    return Table(
        f"{prefix}_subject",
        METADATA,
        Column("event", Text, primary_key=True),
        Column("day", Date, primary_key=True),
        *_keys(*DIMENSIONS, *WHO),
        Column("count", BigInteger, nullable=False),
        *(Index(f"ix_{prefix}_subject_{name}", name, *then) for name, then in BY_WHO.items()),
    )


def _milestone(prefix: str) -> Table:
    return Table(
        f"{prefix}_milestone",
        METADATA,
        Column("event", Text, primary_key=True),
        *_keys("outcome", *WHO),
        Column("first_at", Instant, nullable=False),
        Index(f"ix_{prefix}_milestone_first_at", "event", "first_at"),
        *(Index(f"ix_{prefix}_milestone_{name}", name, "event") for name in WHO),
    )


daily, subject, milestone = _daily("rollup"), _subject("rollup"), _milestone("rollup")
ROLLUPS = (daily, subject, milestone)
BASELINES = (_daily("baseline"), _subject("baseline"), _milestone("baseline"))

active = Table(
    "rollup_active",
    METADATA,
    Column("activity", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("start", Date, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("cohort", Date),  # of a week: the week in which they began, of those who began
    Index("ix_rollup_active_id", "id", "activity", "period", "start"),
    Index(
        "ix_rollup_active_cohort",
        "activity",
        "cohort",
        "start",
        sqlite_where=text("cohort IS NOT NULL"),
        postgresql_where=text("cohort IS NOT NULL"),
    ),
)
active_count = Table(
    "rollup_active_count",
    METADATA,
    Column("activity", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("start", Date, primary_key=True),
    Column("count", BigInteger, nullable=False),
)
firsts = Table(
    "rollup_firsts",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("registered_at", Instant),
    Column("opened_at", Instant),
    Column("claimed_at", Instant),
    Column("used_at", Instant),
    # Each has all that is asked of it, so that the rows themselves are not looked at.
    Index("ix_rollup_firsts_registered_at", "registered_at", "opened_at", "claimed_at", "used_at"),
    Index("ix_rollup_firsts_claimed_at", "claimed_at", "id"),
)
DERIVED = (active, active_count, firsts)

# Who is erased, as far as rollups and baseline have learned it from the log: nothing that names them is
# ever added again, by a rebuild or by whoever read the log a moment too early.
uncounted = Table("uncounted", METADATA, Column("id", Text, primary_key=True))
