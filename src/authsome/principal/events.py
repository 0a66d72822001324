"""What can happen to a principal."""

from __future__ import annotations

from enum import StrEnum

from authsome.kit.event import Event, Local, Pseudonym, Public, Subject
from authsome.principal.model import LinkKind, Role, SessionKind


class LoginFailure(StrEnum):
    """Why a log-in was refused."""

    WRONG_PASSWORD = "wrong_password"
    DISABLED = "disabled"


class PrincipalInvited(Event):
    """A one-time link was made: for the first set-up, for a new principal, or to reset a password.

    Healthy: about as many as principals registered; links that nobody uses point to a lost message.
    """

    subject = Subject.ACTOR
    keyed_by = "invitation_id"
    audit_only = "says who let whom in; adoption is counted by principal_registered"
    invitation_id: Public[str]
    kind: Public[LinkKind]
    role: Public[Role]
    principal_id: Pseudonym[str | None] = None


class PrincipalRegistered(Event):
    """A person opened an account with a one-time link.

    Healthy: rises with the team and then flattens; it never falls.
    """

    subject = Subject.PRINCIPAL
    keyed_by = "principal_id"
    principal_id: Pseudonym[str]
    role: Public[Role]
    via: Public[LinkKind]
    invitation_id: Public[str]


class PrincipalLoggedIn(Event):
    """A principal signed in: a browser by password, or a terminal that they confirmed.

    Healthy: a few a week per active principal.
    """

    subject = Subject.PRINCIPAL
    keyed_by = "session_id"
    principal_id: Pseudonym[str]
    session_id: Public[str]
    kind: Public[SessionKind]


class PrincipalLoggedOut(Event):
    """A session was ended by its principal, or with a password reset or a disabled account."""

    subject = Subject.PRINCIPAL
    keyed_by = "session_id"
    audit_only = "the counterpart of principal_logged_in, of interest per person only"
    principal_id: Pseudonym[str]
    session_id: Public[str]


class PrincipalLoginFailed(Event):
    """A log-in for a known principal was refused. One for an unknown address is only counted.

    Healthy: rare. A burst on one principal is somebody guessing.
    """

    subject = Subject.PRINCIPAL
    audit_only = "a security signal for the audit, not a measure of adoption"
    principal_id: Pseudonym[str]
    reason: Public[LoginFailure]


class PrincipalPasswordReset(Event):
    """A principal set a new password with a one-time link; all their sessions ended."""

    subject = Subject.PRINCIPAL
    keyed_by = "invitation_id"
    audit_only = "of interest per person only"
    principal_id: Pseudonym[str]
    invitation_id: Public[str]


class PrincipalPasswordChanged(Event):
    """A principal replaced their own password, giving the old one; their other sessions ended."""

    subject = Subject.PRINCIPAL
    audit_only = "of interest per person only"
    principal_id: Pseudonym[str]


class PrincipalRoleChanged(Event):
    """An admin gave a principal another role."""

    subject = Subject.PRINCIPAL
    audit_only = "of interest per person only"
    principal_id: Pseudonym[str]
    role: Public[Role]


class PrincipalDisabled(Event):
    """An admin stopped a principal from signing in; all their sessions ended."""

    subject = Subject.PRINCIPAL
    audit_only = "of interest per person only"
    principal_id: Pseudonym[str]
    note: Local[str | None] = None
