"""What can happen to an auth session. `principal_id` owns it; handle and did are of the agent that asked."""

from __future__ import annotations

from authsome.auth_session.model import FailureReason
from authsome.connection.model import Flow
from authsome.kit.event import Event, Pseudonym, Public, Subject


class AuthSessionStarted(Event):
    """Somebody asked for a connection: a principal, or an agent for its principal.

    Healthy: close to auth_session_completed.
    """

    subject = Subject.ACTOR
    keyed_by = "auth_session_id"
    audit_only = "the success rate counts how sessions end, not that they begin"
    auth_session_id: Public[str]
    principal_id: Pseudonym[str]
    identity_handle: Pseudonym[str | None]
    did: Pseudonym[str | None]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    flow: Public[Flow]


class AuthSessionCompleted(Event):
    """An auth session made a connection.

    Healthy: nine in ten of those that ended, cancelled ones apart.
    """

    subject = Subject.ACTOR
    keyed_by = "auth_session_id"
    auth_session_id: Public[str]
    principal_id: Pseudonym[str]
    identity_handle: Pseudonym[str | None]
    did: Pseudonym[str | None]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    flow: Public[Flow]
    connection_id: Public[str]


class AuthSessionFailed(Event):
    """An auth session cannot succeed any more. `reason` is one of a closed list.

    Healthy: rare. One reason that grows for one provider points to a page that misleads people.
    """

    subject = Subject.ACTOR
    keyed_by = "auth_session_id"
    auth_session_id: Public[str]
    principal_id: Pseudonym[str]
    identity_handle: Pseudonym[str | None]
    did: Pseudonym[str | None]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    flow: Public[Flow]
    reason: Public[FailureReason]


class AuthSessionExpired(Event):
    """Nobody finished an auth session in its fifteen minutes.

    Healthy: few. Many mean that people do not find the key they are asked for.
    """

    subject = Subject.ACTOR
    keyed_by = "auth_session_id"
    auth_session_id: Public[str]
    principal_id: Pseudonym[str]
    identity_handle: Pseudonym[str | None]
    did: Pseudonym[str | None]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    flow: Public[Flow]


class AuthSessionCancelled(Event):
    """Whoever asked for an auth session, or its principal, called it off.

    Healthy: few; they count neither for nor against the success rate.
    """

    subject = Subject.ACTOR
    keyed_by = "auth_session_id"
    auth_session_id: Public[str]
    principal_id: Pseudonym[str]
    identity_handle: Pseudonym[str | None]
    did: Pseudonym[str | None]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    flow: Public[Flow]
