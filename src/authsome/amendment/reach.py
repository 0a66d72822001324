"""Where a provider's secrets can go by one definition, and could not by another. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from authsome.connection.flows import flows_of
from authsome.connection.model import Flow
from authsome.provider.host import HostPattern
from authsome.provider.model import Provider


def newly_reached(before: Provider, after: Provider) -> tuple[HostPattern, ...]:
    """Hosts and ports at which requests would carry the secret, and do not yet.

    One that an admin lists as private is new too: the same name could only mean a public address until then.
    """
    listed = [place for place in after.private_addresses if place not in before.private_addresses]
    return (*_beyond(before.hosts, after.hosts), *listed)


def newly_told(before: Provider, after: Provider) -> tuple[HostPattern, ...]:
    """Hosts and ports that would get refresh tokens, and do not yet. An API's host is not one by itself."""
    known = before.oauth.secret_places if before.oauth else ()
    return _beyond(known, after.oauth.secret_places if after.oauth else ())


def flows_out_of_use(before: Provider, after: Provider) -> frozenset[Flow]:
    """How connections were made that must not be used, or cannot be, by the new definition."""
    offered = frozenset(flows_of(before))
    if newly_reached(before, after):
        return frozenset(Flow)
    gone = offered - frozenset(flows_of(after))
    return gone | (frozenset(Flow) - {Flow.API_KEY} if newly_told(before, after) else frozenset())


def _beyond(known: Iterable[HostPattern], wanted: Iterable[HostPattern]) -> tuple[HostPattern, ...]:
    known = tuple(known)
    return tuple(one for one in wanted if not any(_holds(other, one) for other in known))


def _holds(outer: HostPattern, inner: HostPattern) -> bool:
    """Whether every host and port of `inner` is one of `outer`."""
    if outer == inner:
        return True
    return outer.is_wildcard and outer.port == inner.port and inner.host.endswith(f".{outer.host}")
