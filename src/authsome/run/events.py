"""What can happen to a run."""

from __future__ import annotations

from authsome.kit.event import Event, Local, Pseudonym, Public, Subject
from authsome.run.model import RunOutcome


class RunStarted(Event):
    """An identity started a command behind the proxy.

    Healthy: many per active agent. An identity is active on a day with one.
    """

    subject = Subject.IDENTITY
    keyed_by = "run_id"
    run_id: Public[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    principal_id: Pseudonym[str]
    program: Local[str | None] = None


class RunCompleted(Event):
    """A run ended: by itself, by a signal, because nobody renewed it, or with its identity's claim.

    Healthy: one per run_started, and few lost ones.
    """

    subject = Subject.IDENTITY
    keyed_by = "run_id"
    audit_only = "the counterpart of run_started, by which activity is counted"
    run_id: Public[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    principal_id: Pseudonym[str]
    outcome: Public[RunOutcome]
    seconds: Public[int]
