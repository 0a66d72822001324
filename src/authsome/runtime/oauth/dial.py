"""Connections to token addresses: the name resolved, the address checked, and then that address connected to.

The proxy's own dialer makes protocols of the proxy; this one makes streams for the HTTP library, under the
same rule.
"""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import httpcore

from authsome.kit.address import is_allowed
from authsome.kit.resolve import Resolve, as_address, by_system

ATTEMPTS = 3


class AddressRefused(httpcore.ConnectError):
    """The name has no address that a secret may be sent to."""


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """`private_ok` where an admin listed exactly this host and port; `resolve` says what a name means."""

    def __init__(self, *, private_ok: bool, resolve: Resolve = by_system) -> None:
        self._private_ok = private_ok
        self._resolve = resolve
        self._real = httpcore.AnyIOBackend()

    async def connect_tcp(self, host: str, port: int, *where: Any, **how: Any) -> httpcore.AsyncNetworkStream:
        failure: Exception = httpcore.ConnectError("no address answers")
        found = await allowed_addresses(host, port, private_ok=self._private_ok, resolve=self._resolve)
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


async def allowed_addresses(
    host: str, port: int, *, private_ok: bool, resolve: Resolve = by_system
) -> list[str]:
    """Those that a secret may be sent to. Raises `AddressRefused` where there are none of these, and
    `httpcore.ConnectError` where there are none at all.
    """
    named = await _addresses(host, port, resolve)
    found = [one for one in named if is_allowed(one, private_ok=private_ok)]
    if not found:
        raise AddressRefused("no address of this name may be connected to")
    return found


async def _addresses(host: str, port: int, resolve: Resolve) -> list[str]:
    itself = as_address(host)
    if itself is not None:
        return [itself]
    try:
        return await resolve(host, port)
    except (OSError, UnicodeError):
        raise httpcore.ConnectError("the name does not resolve") from None
