"""What can happen to a provider. Bundled ones come and go with releases, without events."""

from __future__ import annotations

from enum import StrEnum

from authsome.kit.event import Event, Local, Pseudonym, Public, Subject
from authsome.provider.discovery.failure import DiscoveryFailure
from authsome.provider.oauth import ClientOrigin


class ProviderRegistered(Event):
    """An admin registered a custom provider.

    Healthy: a few while a team settles in. `private_hosts` above zero opens the gateway to its own network.
    """

    subject = Subject.ACTOR
    keyed_by = "provider_id"
    audit_only = "one per custom provider; use of providers is counted by connection_created"
    provider_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    hosts: Public[int]
    private_hosts: Public[int]
    covered: Local[str]


class Configured(StrEnum):
    """What an admin set. Closed, so that it can be counted."""

    CLIENT = "client"  # the OAuth client that this installation is at the provider
    DEFINITION = "definition"  # another definition for a custom provider
    OVERRIDE = "override"  # a definition of their own in the place of a bundled one


class ProviderConfigurationUpdated(Event):
    """An admin set what this installation knows of a provider: its OAuth client, or its definition.

    Healthy: once per provider that is connected by its own page, and once more when its secret is replaced;
    definitions change rarely. `set_aside` connections have to be connected again, each of them a
    connection_marked_broken, or a connection_reason_changed where it had to already. Of an act that a
    server's end cut short, it counts those after it was confirmed again.
    """

    subject = Subject.ACTOR
    version = 2
    audit_only = "an admin's setting; what becomes of it is counted by auth_session_completed"
    what: Public[Configured] = Configured.CLIENT
    provider_id: Public[str | None] = None
    oauth_client_id: Public[str | None] = None
    vault_id: Public[str | None] = None
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    new_places: Public[int] = 0
    set_aside: Public[int] = 0


class ProviderDeleted(Event):
    """An admin removed a custom provider, or the definition with which they had overridden a bundled one.

    Healthy: rare. `connections` ended with it, each a connection_revoked; of a removal that a server's end
    cut short, those after it was confirmed again.
    """

    subject = Subject.ACTOR
    keyed_by = "provider_id"
    audit_only = "an admin's setting; what ends with it is counted by connection_revoked"
    provider_id: Public[str]
    oauth_client_id: Public[str | None]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    was_override: Public[bool]
    connections: Public[int]


class ProviderClientRegistered(Event):
    """The gateway came to a client at a provider by itself: it asked for one, or shows a document of its own.

    Healthy: once per MCP server that is connected by its address. `is_renewal` where the provider had
    forgotten the one before, which costs everybody who had connected it a log-in: one that does so often is
    better given a client by hand. `principal_id` is the admin; a renewal is the server's own act.
    """

    subject = Subject.ACTOR
    audit_only = "a setting; what becomes of it is counted by auth_session_completed"
    oauth_client_id: Public[str]
    vault_id: Public[str]
    principal_id: Pseudonym[str | None]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    origin: Public[ClientOrigin]
    is_renewal: Public[bool]


class ProviderDiscoveryFailed(Event):
    """An admin gave an address that does not become a provider, or a client there could not be had anew.

    Healthy: few, and of addresses that were misspelt. One reason again and again is a server that does not
    follow the standards, or one that is not what it seems.
    """

    subject = Subject.ACTOR
    audit_only = "an admin's attempt, told to them with its reason"
    principal_id: Pseudonym[str | None]
    reason: Public[DiscoveryFailure]
    place: Local[str]


class ProviderTested(Event):
    """A principal had a provider tested, with a connection of theirs where there is a `connection_id`.

    Healthy: a few while a definition is written, and whenever something does not work.
    """

    subject = Subject.ACTOR
    audit_only = (
        "says who had a secret sent, and whether it was taken; agents' use is counted by credentials_used"
    )
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
    connection_id: Public[str | None]
    passed: Public[bool]
