"""What can happen to a provider. Bundled ones come and go with releases, without events."""

from __future__ import annotations

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


class ProviderConfigurationUpdated(Event):
    """An admin gave or replaced the OAuth client that this installation is at a provider.

    Healthy: once per provider, and once more when the provider's secret is replaced. Until then nobody can
    connect the provider by its own page.
    """

    subject = Subject.ACTOR
    audit_only = "an admin's setting; what becomes of it is counted by auth_session_completed"
    oauth_client_id: Public[str]
    vault_id: Public[str]
    principal_id: Pseudonym[str]
    provider: Public[str]
    custom_provider: Pseudonym[str | None]
