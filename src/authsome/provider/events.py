"""What can happen to a provider. Bundled ones come and go with releases, without events."""

from __future__ import annotations

from enum import StrEnum

from authsome.kit.event import Event, Local, Pseudonym, Public, Subject


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
    connection_marked_broken; of more than five hundred it counts the last part.
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

    Healthy: rare. `connections` is the last part of those that ended with it, each a connection_revoked.
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
