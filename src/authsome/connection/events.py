"""What can happen to a connection. `principal_id` is its owner; the names people give it stay here."""

from __future__ import annotations

from authsome.connection.checking.model import CheckOutcome
from authsome.connection.model import BrokenReason, Flow, UseOutcome
from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.revocation.model import RevocationOutcome
from authsome.kit.caller import Surface
from authsome.kit.event import Event, Local, Pseudonym, Public, Subject


class ConnectionCreated(Event):
    """A principal's secret for a provider was sealed in their vault.

    Healthy: rises with the providers a team uses. Many for one provider and person are failed tries.
    """

    subject = Subject.ACTOR
    keyed_by = "connection_id"
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    flow: Public[Flow]
    is_default: Public[bool]
    vault_id: Public[str]
    connection_name: Local[str]


class ConnectionFirstUsed(Event):
    """An agent's request carried this connection's secret for the first time.

    Healthy: within a day of connection_created. A connection without it was made in vain.
    """

    subject = Subject.IDENTITY
    keyed_by = "connection_id"
    audit_only = "says whether a connection was of use; tiles count those that were made"
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]


class ConnectionLoggedOut(Event):
    """Its principal put a connection away; the secret was deleted here and may still work elsewhere.

    Healthy: few, with people who leave or keys that are replaced.
    """

    subject = Subject.ACTOR
    keyed_by = "connection_id"
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]


class ConnectionRevoked(Event):
    """Its principal or an admin stopped a connection for good; the secret was deleted here.

    With a `revocation_id`, the provider is asked to take its tokens back, and connection_revocation_ended
    says what came of it. Healthy: rare. Several in a row are somebody reacting to a leak.
    """

    version = 2
    subject = Subject.ACTOR
    keyed_by = "connection_id"
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    revocation_id: Public[str | None]


class ConnectionRevocationEnded(Event):
    """A provider was asked to take back a revoked connection's tokens. `outcome` is one of a closed list.

    Healthy: one for each connection_revoked with a revocation_id, nearly all `revoked`, within a minute.
    """

    subject = Subject.ACTOR
    keyed_by = "revocation_id"
    audit_only = (
        "what became of single revocations, of which there are few; they are counted as they are made"
    )
    revocation_id: Public[str]
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    outcome: Public[RevocationOutcome]


class ConnectionDefaultChanged(Event):
    """A principal chose which of their connections to a provider is meant where none is named.

    `previous_id` is the one it was before. Healthy: rare, by people with several accounts.
    """

    subject = Subject.ACTOR
    audit_only = "a choice between connections that are there; what agents do with it is counted by its use"
    connection_id: Public[str]
    previous_id: Public[str | None]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]


class ConnectionShared(Event):
    """An admin let every principal give one of the admin's own connections to their agents.

    Healthy: a handful per installation, for what a team has one account of.
    """

    subject = Subject.ACTOR
    audit_only = "who may use what is for the audit; use itself is counted by credentials_used"
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]


class ConnectionUnshared(Event):
    """Its owner or an admin took a shared connection back, and `grants_ended` grants of others with it.

    Healthy: rare. With many grants ended, agents of several people stand still.
    """

    subject = Subject.ACTOR
    audit_only = "who may use what is for the audit; use itself is counted by credentials_used"
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    grants_ended: Public[int]


class ConnectionRefreshed(Event):
    """The provider gave a new access token, and it was sealed in the place of the old one.

    Healthy: about once per connection and lifetime of its tokens, while agents use it.
    """

    subject = Subject.ACTOR
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    flow: Public[Flow]


class ConnectionRefreshFailed(Event):
    """A new access token was asked for, and none came. `reason` is one of a closed list.

    Healthy: rare, and of one provider at a time: `timed_out`, `unreachable` and `provider_failed` are its bad
    hours. `refused` is followed by connection_marked_broken; `client_refused` is for an admin.
    """

    subject = Subject.ACTOR
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    flow: Public[Flow]
    reason: Public[RefreshFailure]


class ConnectionExpired(Event):
    """A connection's access ran out, and its provider lets nobody renew it; connection_marked_broken follows.

    Healthy: of providers that give no refresh token, as often as their tokens end. Of others, none.
    """

    subject = Subject.ACTOR
    audit_only = "told again by connection_marked_broken, with the reason expired, which is counted"
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    flow: Public[Flow]


class ConnectionChecked(Event):
    """A provider was asked whether it takes a connection: after connecting, or because its principal asked.

    Healthy: one for each connection_created of a provider that can be asked, nearly all `taken`.
    """

    subject = Subject.ACTOR
    audit_only = "says of single connections what agents' use says of all, which credentials_used counts"
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    flow: Public[Flow]
    outcome: Public[CheckOutcome]
    holder: Local[str | None]


class CredentialsExported(Event):
    """A principal was shown the secret of one of their connections, with their password, to use it elsewhere.

    Healthy: rare. It is out of the gateway's hands from then on.
    """

    subject = Subject.ACTOR
    audit_only = "who took a secret out is for the audit; there should be hardly any"
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    flow: Public[Flow]


class ConnectionMarkedBroken(Event):
    """A connection cannot be used until its principal connects it again. `reason` is one of a closed list.

    Healthy: few, and each followed by connection_reauthorized within a day.
    """

    subject = Subject.ACTOR
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    flow: Public[Flow]
    reason: Public[BrokenReason]


class ConnectionReauthorized(Event):
    """Its principal connected a connection anew, in its place: with its name, its id and its grants.

    Healthy: as many as connection_marked_broken.
    """

    subject = Subject.ACTOR
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    flow: Public[Flow]


class ConnectionReasonChanged(Event):
    """A connection needed its principal already, and now does for another `reason`: an admin changed where
    its secret would go.

    Healthy: rare, as such changes are.
    """

    subject = Subject.ACTOR
    audit_only = "it stood still before and does so now; connection_marked_broken counted it once"
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    reason: Public[BrokenReason]


class ConnectionMended(Event):
    """A connection that needed its principal needs them no more: it was connected anew, or it has ended.

    Healthy: one for each connection_marked_broken, within a day. What is missing stands still now.
    """

    subject = Subject.ACTOR
    connection_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]


class CredentialsUsed(Event):
    """An identity's requests carried a connection's secret `count` times in one hour, with one outcome.

    Counted, not recorded one by one: it leaves once the hour has closed, with the hour's last microsecond as
    its time. Sum `count`. Healthy: nearly all `delivered`; a rise of `credential_rejected` is a key that
    expired.
    """

    subject = Subject.IDENTITY
    keyed_by = "usage_key"
    usage_key: Pseudonym[str]
    identity_handle: Pseudonym[str]
    did: Pseudonym[str]
    principal_id: Pseudonym[str]
    connection_id: Public[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    surface: Public[Surface]
    outcome: Public[UseOutcome]
    count: Public[int]
