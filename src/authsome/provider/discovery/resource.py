"""What an API says of itself: RFC 9728 §2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authsome.provider.discovery.address import Address, read_address
from authsome.provider.discovery.documents import text_of, texts_of
from authsome.provider.discovery.failure import DiscoveryFailure
from authsome.provider.errors import DiscoveryFailed, ServerAddressInvalid


@dataclass(frozen=True, slots=True)
class Resource:
    """An API: how it spells its own address, who guards it (the first it names), and its scopes."""

    name: str
    issuer: str
    scopes: tuple[str, ...]


def read_resource(document: Mapping[str, Any], *, asked: Address) -> Resource:
    """The document about `asked`. Raises `DiscoveryFailed`, also where it is about another address: whoever
    could pass one API's document for another's would have the tokens for it (RFC 9728 §7.3).
    """
    name = text_of(document, "resource")
    if not asked.is_called(name):
        raise _mismatch(name, asked)
    methods = texts_of(document, "bearer_methods_supported")
    if methods is not None and "header" not in methods:
        raise DiscoveryFailed(DiscoveryFailure.UNSUPPORTED, "it takes no token in a header")
    servers = texts_of(document, "authorization_servers")
    if not servers:
        raise DiscoveryFailed(DiscoveryFailure.RESOURCE_SILENT)
    return Resource(name, servers[0], texts_of(document, "scopes_supported") or ())


def _mismatch(name: str, asked: Address) -> DiscoveryFailed:
    """A stranger's text is in the message only where it is an address, in the hint only on the same host."""
    try:
        other = read_address(name)
    except ServerAddressInvalid:
        return DiscoveryFailed(DiscoveryFailure.RESOURCE_MISMATCH)
    what, hint = f"it is about {other.url}", None
    if other.origin == asked.origin:
        hint = f"if that is the server you mean, use its address as it is written there: {other.url}"
    return DiscoveryFailed(DiscoveryFailure.RESOURCE_MISMATCH, what, hint=hint)
