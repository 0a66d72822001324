"""Where a request came from, as far as it is needed: a keyed digest to count by, never kept in clear."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress

from fastapi import Request

from authsome.runtime.runtime import Runtime


def address_of(request: Request) -> str:
    """The peer's address; of an IPv6 one its /64, since a host has them all. This machine is one address.

    Behind a reverse proxy uvicorn puts the client's address here if the operator trusts that proxy.
    """
    host = request.client.host if request.client else "unknown"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address  # how a socket for both families shows an IPv4 client
    if address.is_loopback:
        return "loopback"
    if address.version == 6:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)


def address_key(runtime: Runtime, request: Request) -> str:
    """The digest of the address under a key of this installation, for the registry."""
    key = runtime.installation_key.derive("registration address")
    return hmac.new(key, address_of(request).encode(), hashlib.sha256).hexdigest()[:32]
