"""Connections to token addresses: the name resolved, the address checked, and then that address connected to.

The proxy's own dialer makes protocols of the proxy; this one makes streams for the HTTP library, under the
same rule.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from pathlib import Path
from typing import Any

import httpcore

from authsome.kit.address import is_allowed

ATTEMPTS = 3


class AddressRefused(httpcore.ConnectError):
    """The name has no address that a secret may be sent to."""


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """`private_ok` where an admin listed exactly this host and port."""

    def __init__(self, *, private_ok: bool) -> None:
        self._private_ok = private_ok
        self._real = httpcore.AnyIOBackend()

    async def connect_tcp(self, host: str, port: int, *where: Any, **how: Any) -> httpcore.AsyncNetworkStream:
        failure: Exception = httpcore.ConnectError("no address answers")
        found = await allowed_addresses(host, port, private_ok=self._private_ok)
        for address in found[:ATTEMPTS]:
            try:
                # Not the name: it could resolve differently now. TLS still asks for the name.
                return await self._real.connect_tcp(address, port, *where, **how)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        await self._real.sleep(seconds)


def trusting(extra_roots: Path | None) -> ssl.SSLContext:
    """The system's roots, and those of AUTHSOME_UPSTREAM_CA_FILE."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if extra_roots is not None:
        context.load_verify_locations(cafile=extra_roots)
    return context


async def allowed_addresses(host: str, port: int, *, private_ok: bool) -> list[str]:
    """Those that a secret may be sent to. Raises `AddressRefused` where there are none of these, and
    `httpcore.ConnectError` where there are none at all.
    """
    found = [one for one in await _resolve(host, port) if is_allowed(one, private_ok=private_ok)]
    if not found:
        raise AddressRefused("no address of this name may be connected to")
    return found


async def _resolve(host: str, port: int) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    try:
        rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise httpcore.ConnectError("the name does not resolve") from None
    return list(dict.fromkeys(str(row[4][0]) for row in rows))
