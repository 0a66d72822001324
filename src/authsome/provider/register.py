"""Register a custom provider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from authsome.provider.catalogue import bundled, spoken_of
from authsome.provider.errors import (
    HostTaken,
    PrivateAddressRefused,
    PrivateAddressUnlisted,
    ProviderTaken,
    TooManyProviders,
    VariableTaken,
)
from authsome.provider.events import ProviderRegistered
from authsome.provider.host import HostPattern, read_exact_address
from authsome.provider.model import CustomProvider, Provider
from authsome.provider.ports import ProviderWork

MOST_CUSTOM = 200


def register_provider(
    work: ProviderWork, *, provider: Provider, private_addresses: Sequence[str] = ()
) -> CustomProvider:
    """Add what `read_definition` made of an admin's file. Admins only.

    `private_addresses` are `host:port`, and each must be one of the definition's own exact hosts, or that of
    an address of its section `oauth` that secrets are sent to: the admin says in so many words that this
    secret goes to that place inside the network.
    A host that can only be private and is not listed is refused here, since every request to it would be.
    Raises `ProviderTaken`, `HostTaken`, `VariableTaken`, `PrivateAddressRefused`, `PrivateAddressUnlisted` or
    `TooManyProviders`.
    """
    admin_id = work.caller.require_admin()
    provider = fitting(work, provider=provider, private_addresses=private_addresses)
    provider_id = work.new_id("prv")
    at = work.record(
        ProviderRegistered(
            provider_id=provider_id,
            principal_id=admin_id,
            **spoken_of(provider.name),
            hosts=len(provider.hosts),
            private_hosts=len(provider.private_addresses),
            covered=" ".join(str(pattern) for pattern in provider.hosts),
        )
    )
    registered = CustomProvider(id=provider_id, provider=provider, created_by=admin_id, created_at=at)
    work.providers.add(registered)
    return registered


def fitting(
    view: ProviderWork, *, provider: Provider, private_addresses: Sequence[str], replaces: str | None = None
) -> Provider:
    """The provider with its private addresses, beside all others but the one it `replaces`.

    Nobody is asked who asks. Raises what `register_provider` raises.
    """
    listed = tuple(_private(provider, text) for text in private_addresses)
    _check_listed(provider, listed)
    custom = [row.provider for row in view.providers.list(limit=MOST_CUSTOM)]
    others = [one for one in custom if one.name != replaces]
    known = [*others, *(one for one in bundled() if one.name != replaces)]
    if any(other.name == provider.name for other in known):
        raise ProviderTaken
    _check_free(provider, known)
    if len(others) >= MOST_CUSTOM:
        raise TooManyProviders
    return replace(provider, bundled=False, private_addresses=tuple(dict.fromkeys(listed)))


def _check_free(provider: Provider, known: Sequence[Provider]) -> None:
    for mine in provider.hosts:
        for other in known:
            # A wildcard round a bundled host would take it away from the provider that people know it by.
            if other.bundled and any(mine.overlaps(theirs) for theirs in other.hosts):
                raise HostTaken(f"{mine} overlaps with the hosts of {other.name}")
            if mine in other.hosts:
                raise HostTaken(f"{mine} is covered by {other.name}")
    for other in known:
        for variable in provider.variables:
            if variable in other.variables:
                raise VariableTaken(f"{variable} is for the key of {other.name}")


def _check_listed(provider: Provider, listed: Sequence[HostPattern]) -> None:
    for pattern in _places(provider):
        if pattern.is_surely_private and pattern not in listed:
            raise PrivateAddressUnlisted(f"{pattern} is on a private network, and is not listed as such")


def _private(provider: Provider, text: str) -> HostPattern:
    pattern = read_exact_address(text) if len(text) <= 300 else None
    if pattern is None or pattern not in _places(provider):
        raise PrivateAddressRefused
    return pattern


def _places(provider: Provider) -> tuple[HostPattern, ...]:
    """Everywhere that a secret of this provider is sent."""
    return (*provider.hosts, *provider.oauth.secret_places) if provider.oauth else provider.hosts
