"""What can happen to a claim. The subject is the identity; `principal_id` is who decided, or held it."""

from __future__ import annotations

from authsome.kit.event import Event, Pseudonym, Public, Subject


class IdentityClaimRenewed(Event):
    """The holder of a registered key asked for a new link; the old one stopped working.

    Healthy: few. Many mean that links expire before people get to them.
    """

    subject = Subject.IDENTITY
    keyed_by = "claim_id"
    audit_only = "a second try of the same registration; the funnel counts identities, not tries"
    claim_id: Public[str]
    identity_id: Pseudonym[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]


class IdentityClaimOpened(Event):
    """A signed-in principal opened the claim page for the first time.

    Healthy: follows identity_registered within minutes.
    """

    subject = Subject.IDENTITY
    keyed_by = "claim_id"
    claim_id: Public[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    principal_id: Pseudonym[str]


class IdentityClaimed(Event):
    """A principal accepted an identity as theirs.

    Healthy: nearly every identity registered, within the hour.
    """

    subject = Subject.IDENTITY
    keyed_by = "claim_id"
    claim_id: Public[str]
    identity_id: Pseudonym[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    principal_id: Pseudonym[str]
    connections_granted: Public[int]


class IdentityClaimRejected(Event):
    """A principal said that an identity is not theirs.

    Healthy: rare. Rejections are strangers at the door, or agents started in the wrong place.
    """

    subject = Subject.IDENTITY
    keyed_by = "claim_id"
    claim_id: Public[str]
    identity_id: Pseudonym[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    principal_id: Pseudonym[str]


class IdentityClaimExpired(Event):
    """Nobody decided in time, or the code was wrong too often.

    Healthy: a small share of identity_registered.
    """

    subject = Subject.IDENTITY
    keyed_by = "claim_id"
    audit_only = "shown by difference between registered, claimed and rejected"
    claim_id: Public[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]


class IdentityReleased(Event):
    """An accepted claim was ended: the identity belongs to nobody, and may be claimed again by whoever.

    `principal_id` is who held it until then. Healthy: few, when agents change hands or people leave.
    """

    subject = Subject.IDENTITY
    keyed_by = "claim_id"
    audit_only = "who held which agent is for the audit; adoption is counted by identity_claimed"
    claim_id: Public[str]
    identity_id: Pseudonym[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    principal_id: Pseudonym[str]


class IdentityRevoked(Event):
    """An identity was ended for good; its key can never be registered again.

    `principal_id` is who held it; there is none where nobody had claimed it. Healthy: rare. Several at
    once are somebody cleaning up after a key was stolen.
    """

    subject = Subject.IDENTITY
    keyed_by = "identity_id"
    audit_only = "a security signal for the audit; adoption is counted by identity_claimed"
    identity_id: Pseudonym[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    principal_id: Pseudonym[str | None] = None
