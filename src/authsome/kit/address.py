"""Which addresses a secret may be sent to.

A name under an attacker's control can resolve to the gateway's own network (server-side request forgery) or
change its answer between check and use (DNS rebinding). So what is checked is the address, and the
connection is made to the address that was checked.
"""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Refused whatever an admin lists: metadata services hand out the machine's own credentials.
NEVER = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "169.254.0.0/16",  # link-local; metadata of AWS, Google Cloud, Azure and most others
        "168.63.129.16/32",  # Azure's wire server, on a public address
        "100.100.100.200/32",  # Alibaba Cloud's metadata
        "192.0.0.192/32",  # Oracle Cloud's metadata
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "fe80::/10",
        "fec0::/10",
        "fd00:ec2::/32",  # AWS metadata, name server and clock over IPv6
        "fd20:ce::254/128",  # Google Cloud's metadata over IPv6
        "ff00::/8",
    )
)
# Refused unless an admin listed the host and port. Spelled out, because what `is_global` covers differs
# between patch releases of Python.
PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
    )
)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# Each carries an IPv4 address that the network on the way unpacks: prefix, and where the address lies.
_CARRIERS = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),
    (ipaddress.IPv6Network("::/96"), 0),
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),
    (ipaddress.IPv6Network("64:ff9b:1::/48"), 0),
    (ipaddress.IPv6Network("2002::/16"), 80),
)


def is_allowed(text: str, *, private_ok: bool) -> bool:
    """Whether a connection may be made to this address. What is not an address is not allowed."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    carried = _carried(address)
    if carried is not None and str(address) != "::1":
        # Nobody needs these forms to name a public host, and they hide what is reached.
        return private_ok and not _never(carried) and not _never(address)
    if _never(address):
        return False
    return private_ok or _public(address)


def _never(address: Address) -> bool:
    return any(address in network for network in NEVER if network.version == address.version)


def _public(address: Address) -> bool:
    if address.version == 6 and address not in _GLOBAL_UNICAST:
        return False
    listed = any(address in network for network in PRIVATE if network.version == address.version)
    return not listed and address.is_global


def _carried(address: Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    for network, shift in _CARRIERS:
        if address in network:
            return ipaddress.IPv4Address((int(address) >> shift) & 0xFFFFFFFF)
    return None
