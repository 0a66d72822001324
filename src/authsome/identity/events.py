"""What can happen to an identity by itself; what a principal decides about it is in `claim.events`."""

from __future__ import annotations

from authsome.kit.event import Event, Local, Pseudonym, Public, Subject


class IdentityRegistered(Event):
    """An agent proved that it holds a key, and was given a handle.

    Healthy: close to identity_claimed; a gap means that people do not finish, or that strangers try.
    """

    subject = Subject.IDENTITY
    keyed_by = "identity_id"
    identity_id: Public[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    claim_id: Public[str]
    label: Local[str | None] = None
