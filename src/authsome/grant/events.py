"""What can happen to a grant, and to the request for one.

`principal_id` claimed the identity, and gave the grant or is asked for it. The connection is theirs, or one
that its owner shares with everybody.
"""

from __future__ import annotations

from authsome.grant.model import Reason
from authsome.kit.event import Event, Local, Pseudonym, Public, Subject


class GrantCreated(Event):
    """A principal let an identity use a connection, on the claim page or later.

    `lasts_seconds` is for how long, and not there where it lasts until it is taken away. Healthy: one or more
    per identity_claimed. Identities without any can do nothing.
    """

    version = 2
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
    lasts_seconds: Public[int | None] = None


class GrantChanged(Event):
    """A principal changed how long an identity may use a connection, or gave one again that had run out.

    `lasts_seconds` is for how long from now on, and not there where it lasts until it is taken away.
    `had_run_out` says that it did not hold any more. Healthy: a few for grants that were given for a time;
    many of those that had run out point to times that are chosen too short.
    """

    subject = Subject.ACTOR
    audit_only = "who may use what is for the audit; use itself is counted by credentials_used"
    grant_id: Public[str]
    principal_id: Pseudonym[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    connection_id: Public[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    lasts_seconds: Public[int | None]
    had_run_out: Public[bool]


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


class AccessRequested(Event):
    """An identity asked its principal to let it use a provider.

    `lasts_seconds` is for how long, and not there where it asked for no end. Healthy: a few while an agent is
    set up, each followed by a decision. A steady stream is an agent that wants what it was not granted, or
    was led astray.
    """

    subject = Subject.ACTOR
    keyed_by = "access_request_id"
    audit_only = "what agents ask for and what became of it is for the audit; what follows is a grant"
    access_request_id: Public[str]
    principal_id: Pseudonym[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    lasts_seconds: Public[int | None]
    connection_name: Local[str | None]
    note: Local[str | None]


class AccessApproved(Event):
    """A principal let an identity have what it had asked for, on the page, with the password.

    The grant is made or made to last again in the same commit. Healthy: most of access_requested.
    """

    subject = Subject.ACTOR
    keyed_by = "access_request_id"
    audit_only = "what agents ask for and what became of it is for the audit; what follows is a grant"
    access_request_id: Public[str]
    principal_id: Pseudonym[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    connection_id: Public[str]
    grant_id: Public[str]


class AccessDenied(Event):
    """A principal turned down what an identity had asked for.

    Healthy: few. Many of one identity are a reason to look at what it runs.
    """

    subject = Subject.ACTOR
    keyed_by = "access_request_id"
    audit_only = "what agents ask for and what became of it is for the audit; what follows is a grant"
    access_request_id: Public[str]
    principal_id: Pseudonym[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
