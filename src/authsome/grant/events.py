"""What can happen to a grant. `principal_id` claimed the identity and gave the grant.

The connection is theirs, or one that its owner shares with everybody.
"""

from __future__ import annotations

from authsome.grant.model import Reason
from authsome.kit.event import Event, Local, Pseudonym, Public, Subject


class GrantCreated(Event):
    """A principal let an identity use a connection, on the claim page or later.

    Healthy: one or more per identity_claimed. Identities without any can do nothing.
    """

    subject = Subject.ACTOR
    keyed_by = "grant_id"
    audit_only = "who may use what is for the audit; use itself is counted by credentials_used"
    grant_id: Public[str]
    principal_id: Pseudonym[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    connection_id: Public[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]


class GrantRemoved(Event):
    """A principal took a connection away from an identity.

    Healthy: few; many point to connections that were granted too freely.
    """

    subject = Subject.ACTOR
    keyed_by = "grant_id"
    audit_only = "who may use what is for the audit; use itself is counted by credentials_used"
    grant_id: Public[str]
    principal_id: Pseudonym[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    connection_id: Public[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]


class RequestDenied(Event):
    """The gateway refused a request of an identity, for the first time of its kind in a minute.

    Healthy: a few while an agent is set up. A steady stream is an agent that wants what it was not
    granted, or was led astray.
    """

    subject = Subject.IDENTITY
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    principal_id: Pseudonym[str | None]
    reason: Public[Reason]
    host: Local[str]
