"""A run, how it is kept alive, and how it can end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from authsome.run.errors import ProgramInvalid

LEASE_LIFE = timedelta(minutes=1)
RENEW_EVERY = timedelta(seconds=20)
MOST_LIVE = 100
LONGEST_PROGRAM = 64


class RunOutcome(StrEnum):
    """How a run ended."""

    COMPLETED = "completed"  # exit code 0
    FAILED = "failed"  # another exit code
    SIGNALLED = "signalled"  # a signal ended the command
    LOST = "lost"  # nobody renewed it for a minute
    STOPPED = "stopped"  # its identity was released or revoked


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One command behind the proxy. `principal_id` is who had claimed the identity when it began."""

    id: str
    identity_id: str
    principal_id: str
    token_hash: str
    created_at: datetime
    ended_at: datetime | None = None
    outcome: RunOutcome | None = None

    @property
    def is_live(self) -> bool:
        return self.ended_at is None


def lease_name(run_id: str) -> str:
    """The lease that keeps a run alive."""
    return f"run:{run_id}"


def outcome_of(exit_code: int) -> RunOutcome:
    """What a command's end means; a signal is its negative number, as Python's subprocess says it."""
    if exit_code < 0:
        return RunOutcome.SIGNALLED
    return RunOutcome.FAILED if exit_code else RunOutcome.COMPLETED


def check_program(program: str) -> str:
    """The last part of a program's path. Raises `ProgramInvalid`."""
    name = program[-4096:].replace("\\", "/").rpartition("/")[2]
    if not 1 <= len(name) <= LONGEST_PROGRAM or not name.isprintable():
        raise ProgramInvalid
    return name
