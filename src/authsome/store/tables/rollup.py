"""Rollups: counts kept by projections, so that a page costs what it shows, not what happened.

Each has a twin that holds the share of events which retention has deleted: the baseline from which a
rebuild starts. `counted` is the name of the event's field whose value `subject` is.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Table, Text

from authsome.store.tables.columns import Instant
from authsome.store.tables.ledger import METADATA


def _daily(prefix: str) -> Table:
    return Table(
        f"{prefix}_daily",
        METADATA,
        Column("event", Text, primary_key=True),
        Column("day", Date, primary_key=True),
        Column("provider", Text, primary_key=True),
        Column("flow", Text, primary_key=True),
        Column("reason", Text, primary_key=True),
        Column("count", BigInteger, nullable=False),
    )


def _subject(prefix: str) -> Table:
    return Table(
        f"{prefix}_subject",
        METADATA,
        Column("event", Text, primary_key=True),
        Column("counted", Text, primary_key=True),
        Column("day", Date, primary_key=True),
        Column("provider", Text, primary_key=True),
        Column("subject", Text, primary_key=True),
        Column("count", BigInteger, nullable=False),
        Index(f"ix_{prefix}_subject_subject", "subject"),
    )


def _milestone(prefix: str) -> Table:
    return Table(
        f"{prefix}_milestone",
        METADATA,
        Column("event", Text, primary_key=True),
        Column("counted", Text, primary_key=True),
        Column("subject", Text, primary_key=True),
        Column("first_at", Instant, nullable=False),
        Index(f"ix_{prefix}_milestone_first_at", "event", "counted", "first_at"),
        Index(f"ix_{prefix}_milestone_subject", "subject"),
    )


daily, subject, milestone = _daily("rollup"), _subject("rollup"), _milestone("rollup")
ROLLUPS = (daily, subject, milestone)
BASELINES = (_daily("baseline"), _subject("baseline"), _milestone("baseline"))
