"""Put a refusal in the log."""

from __future__ import annotations

from authsome.grant.events import RequestDenied
from authsome.grant.model import Reason
from authsome.grant.ports import GrantWork
from authsome.identity.model import Identity


def note_denial(work: GrantWork, *, identity: Identity, reason: Reason, host: str) -> None:
    """Record a refusal. The caller lets through the first of its kind in a minute, and counts the rest."""
    denied = RequestDenied(
        identity_handle=identity.handle,
        did=identity.did,
        principal_id=identity.principal_id,
        reason=reason,
        host=host[:253],
    )
    work.record(denied)
