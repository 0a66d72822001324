"""What is known of an erasure afterwards: that it was, and how much went; nothing of whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SubjectKind(StrEnum):
    """Who can be erased."""

    PRINCIPAL = "principal"
    IDENTITY = "identity"


class ErasedBy(StrEnum):
    """Who asked for it. Closed, and says nothing of who that was."""

    OWNER = "owner"  # the principal themselves, also for their identity
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """How much went with the subject: what was ended, and the `Local` values erased in the same commit."""

    identities: int = 0
    connections: int = 0
    grants: int = 0
    sessions: int = 0
    runs: int = 0
    auth_sessions: int = 0
    values: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One act, its receipt. `subject_id` is what the subject was counted under; nobody has it again."""

    id: str
    kind: SubjectKind
    subject_id: str
    by: ErasedBy
    destroyed: Destroyed
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedSubject:
    """A principal's id or an identity's handle that counts no more. One erasure may have several."""

    id: str
    kind: SubjectKind
    erasure_id: str
    created_at: datetime
