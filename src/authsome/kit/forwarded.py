"""Who asked, where reverse proxies that the operator trusts stand in between.

Each of them adds to `X-Forwarded-For` the address it was asked from, so the header is true from the right, up
to the first address that is not trusted: who that is, a trusted proxy says; what stands left of it, anybody
can have written. `Forwarded` (RFC 7239) is not read: a proxy that writes one of them passes the other on.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@lru_cache(maxsize=8)
def read_networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, by commas. Raises ValueError, naming what is neither."""
    parts = [part.strip() for part in text.split(",")]
    return tuple(ipaddress.ip_network(part) for part in parts if part)


def read_address(text: str) -> Address | None:
    """An address, also with a port behind it as some proxies write it; None for anything else.

    An IPv4 address that a socket for both families shows as IPv6 is the IPv4 one. A scope (`%eth0`) is free
    text, with which one host could have as many addresses as it likes.
    """
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address


def client_address(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> Address | None:
    """The nearest address that is not trusted; the farthest trusted one where there is none.

    `forwarded` are the values of `X-Forwarded-For` in the head's order. None where the peer has no address.
    """
    found = read_address(peer)
    hops = [hop for value in forwarded for hop in value.split(",")] if trusted else []
    while found is not None and hops and _is_in(found, trusted):
        said = read_address(hops.pop())
        if said is None:
            break  # not an address: the proxy that passed it on is the last of whom anything is known
        found = said
    return found


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
