"""What can happen to an identity by itself; what a principal decides about it is in `claim.events`."""

from __future__ import annotations

from authsome.kit.event import Event, Local, Pseudonym, Public, Subject


class IdentityRegistered(Event):
    """An agent proved that it holds a key, and was given a handle.

    Healthy: close to identity_claimed; a gap means that people do not finish, or that strangers try.
    """

    subject = Subject.IDENTITY
    keyed_by = "identity_id"
    identity_id: Pseudonym[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    claim_id: Public[str]
    label: Local[str | None] = None


class IdentityKeyRotated(Event):
    """An identity replaced its key by another, in one request signed with both. Its handle stays.

    `did` is the new one. Healthy: as often as the team's rules ask for; without any, a few after a laptop
    was lost.
    """

    subject = Subject.IDENTITY
    keyed_by = "retired_key_id"
    audit_only = "key hygiene is for the audit; the identity counts as the same one"
    retired_key_id: Public[str]
    identity_id: Pseudonym[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    previous_did: Pseudonym[str]
    principal_id: Pseudonym[str]
