"""Which addresses a name has, as whoever connects is told: by the system, or by what is passed in instead.

A seam, because nothing else can show that a name whose answer changes between check and use leads nowhere.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

Resolve = Callable[[str, int], Awaitable[list[str]]]


async def by_system(host: str, port: int) -> list[str]:
    """Each address once, the best first. Raises `OSError` or `UnicodeError` where the name has none."""
    rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def as_address(host: str) -> str | None:
    """The address that `host` is; None for a name. Nobody is asked."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None
