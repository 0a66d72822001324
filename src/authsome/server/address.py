"""Where a request came from, as far as it is needed: a keyed digest to count by, never kept in clear."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress

from fastapi import Request

from authsome.kit.forwarded import Address, client_address
from authsome.runtime.runtime import Runtime


def address_of(runtime: Runtime, request: Request) -> str:
    """The client's; behind a reverse proxy that the operator trusts, of the one that asked the proxy."""
    peer = request.client.host if request.client else "unknown"
    forwarded = request.headers.getlist("x-forwarded-for")
    address = client_address(peer, forwarded, runtime.config.trusted_proxies)
    return peer if address is None else counted_as(address)


def counted_as(address: Address) -> str:
    """Of an IPv6 address its /64, since a host has them all. This machine is one address."""
    if address.is_loopback:
        return "loopback"
    if address.version == 6:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)


def address_key(runtime: Runtime, request: Request) -> str:
    """The digest of the address under a key of this installation, for the registry."""
    key = runtime.installation_key.derive("registration address")
    return hmac.new(key, address_of(runtime, request).encode(), hashlib.sha256).hexdigest()[:32]
