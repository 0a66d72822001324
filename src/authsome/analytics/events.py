"""What can happen to the record itself."""

from __future__ import annotations

from enum import StrEnum

from authsome.kit.event import Event, Public, Subject


class RepairTask(StrEnum):
    """What an admin can have done about a record that differs."""

    REPAIR = "repair"  # write missing facts, make numbers anew, send lost facts again
    BACKFILL = "backfill"  # write missing facts, and nothing else


class RepairConfirmed(Event):
    """An admin had facts written that rows lacked, or numbers made anew, or lost facts sent again.

    Healthy: one after an import; else rare. What is written says so by nothing but its place in the log.
    """

    subject = Subject.ACTOR
    audit_only = "who had the record mended is for the audit; it measures no adoption"
    repair_id: Public[str]
    task: Public[RepairTask]
    since: Public[str | None] = None
