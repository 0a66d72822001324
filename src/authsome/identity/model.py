"""An agent's key, as the registry knows it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from authsome.identity.errors import IdentityEnded, IdentityUnclaimed, LabelInvalid
from authsome.identity.plain_line import plain_line
from authsome.kit.caller import ActorKind, Caller, Surface

LABEL_LONGEST = 64


class IdentityState(StrEnum):
    """Where an identity is in its life. Only a claimed one can do anything.

    A released one is as good as new: its holder may ask to be claimed again, by whoever.
    """

    PENDING = "pending"
    CLAIMED = "claimed"
    REJECTED = "rejected"
    RELEASED = "released"
    REVOKED = "revoked"
    ERASED = "erased"  # nothing is left but id and handle, and a digest that keeps its key from coming back


UNCLAIMED = frozenset({IdentityState.PENDING, IdentityState.RELEASED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An agent: did, handle, and whose it is. `label` is a person's word for it and stays here."""

    id: str
    did: str
    handle: str
    state: IdentityState
    created_at: datetime
    label: str | None = None
    principal_id: str | None = None
    claimed_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def may_be_revoked(self) -> bool:
        """Whether there is anything left to end for good."""
        return self.state is IdentityState.CLAIMED or self.state in UNCLAIMED

    def as_caller(self, surface: Surface = Surface.API) -> Caller:
        """This identity, asking."""
        return Caller(
            kind=ActorKind.IDENTITY,
            id=self.handle,
            principal_id=self.principal_id,
            identity_id=self.id,
            did=self.did,
            surface=surface,
        )

    def require_claimed(self) -> str:
        """The principal's id. Raises `IdentityUnclaimed` or `IdentityEnded`."""
        if self.state in UNCLAIMED:
            raise IdentityUnclaimed
        if self.state is not IdentityState.CLAIMED or self.principal_id is None:
            raise IdentityEnded
        return self.principal_id


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiredKey:
    """A did that an identity had before. Nobody can register it again."""

    id: str
    identity_id: str
    did: str
    created_at: datetime


def spent(did: str) -> str:
    """What stands for the did of an erased identity: enough to know the key again, which is never taken."""
    return f"spent:{hashlib.sha256(did.encode()).hexdigest()}"


def check_label(label: str | None) -> str | None:
    """The label in one spelling, or None for none. Raises `LabelInvalid`."""
    if label is None or not label.strip():
        return None
    text = plain_line(label, longest=LABEL_LONGEST)
    if text is None:
        raise LabelInvalid
    return text
