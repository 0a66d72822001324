"""Reaching a provider: its name resolved, its address checked, its certificate verified."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import OrderedDict
from pathlib import Path

from authsome.kit.address import is_allowed
from authsome.kit.errors import AuthsomeError
from authsome.kit.resolve import Resolve, as_address, by_system
from authsome.proxy import errors
from authsome.proxy.limits import Limits
from authsome.proxy.upstream.connection import Key, Upstream


class Dialer:
    """Opens connections to providers, and only to addresses that a secret may be sent to. `resolve` says what
    a name means.
    """

    def __init__(
        self, limits: Limits, *, extra_roots: Path | None = None, resolve: Resolve = by_system
    ) -> None:
        self._limits = limits
        self._extra_roots = extra_roots
        self._resolve = resolve
        self._buffer = memoryview(bytearray(limits.read))
        self._context: ssl.SSLContext | None = None
        self._names: OrderedDict[tuple[str, int], tuple[float, list[str]]] = OrderedDict()

    def check_roots(self) -> None:
        """Raise `RootsUnreadable` now rather than at some agent's first request."""
        if self._extra_roots is not None:
            self._add_roots(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    async def check(self, key: Key) -> None:
        """Raise `PrivateAddress` or `UpstreamUnreachable` where `dial` would, without connecting."""
        await self._addresses(key)

    async def dial(self, key: Key) -> Upstream:
        """A fresh connection. Raises `PrivateAddress`, or one of the `Upstream…` errors."""
        try:
            async with asyncio.timeout(self._limits.connect_seconds):
                return await self._first_that_answers(key, await self._addresses(key))
        except TimeoutError:
            raise errors.UpstreamTimeout(f"{key.host} did not take the connection in time.") from None

    async def _first_that_answers(self, key: Key, addresses: list[str]) -> Upstream:
        failure: AuthsomeError = errors.UpstreamUnreachable()
        for address in addresses[: self._limits.attempts]:
            try:
                async with asyncio.timeout(self._limits.attempt_seconds):
                    return await self._connect(key, address)
            except ssl.SSLCertVerificationError as error:
                raise errors.UpstreamTlsFailed(
                    f"The certificate of {key.host} was not accepted: {error.verify_message}"
                ) from None
            except TimeoutError:
                failure = errors.UpstreamTimeout(f"{key.host} did not take the connection in time.")
            except ssl.SSLError as error:
                failure = errors.UpstreamTlsFailed(f"TLS with {key.host} failed: {error.reason}.")
            except OSError as error:
                failure = errors.UpstreamUnreachable(f"{key.host} cannot be reached: {_plainly(error)}.")
        raise failure

    async def _connect(self, key: Key, address: str) -> Upstream:
        loop = asyncio.get_running_loop()
        _, upstream = await loop.create_connection(
            lambda: Upstream(key, self._limits, buffer=self._buffer),
            address,  # the address that was checked, not the name: it could resolve differently now
            key.port,
            ssl=self._trust(),
            server_hostname=key.host,
            ssl_handshake_timeout=self._limits.handshake_seconds,
            ssl_shutdown_timeout=self._limits.linger_seconds,
        )
        return upstream

    async def _addresses(self, key: Key) -> list[str]:
        found = await self._named(key.host, key.port)
        allowed = [text for text in found if is_allowed(text, private_ok=key.private_ok)]
        if not allowed:
            raise errors.PrivateAddress(
                f"{key.host} has no address that a secret may be sent to: it is private, local or reserved."
            )
        return allowed

    async def _named(self, host: str, port: int) -> list[str]:
        itself = as_address(host)
        if itself is not None:
            return [itself]
        now = time.monotonic()
        known = self._names.get((host, port))
        if known and known[0] > now:
            return known[1]
        try:
            async with asyncio.timeout(self._limits.connect_seconds):
                found = await self._resolve(host, port)
        except TimeoutError:
            raise errors.UpstreamTimeout(f"The name {host} was not resolved in time.") from None
        except (OSError, UnicodeError):
            raise errors.UpstreamUnreachable(f"The name {host} does not resolve.") from None
        self._names[host, port] = (now + self._limits.name_seconds, found)
        while len(self._names) > self._limits.names:
            self._names.popitem(last=False)
        return found

    def _trust(self) -> ssl.SSLContext:
        """Made at the first use: reading the system's roots takes a while, and starting should not."""
        if self._context is None:
            context = ssl.create_default_context()
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.set_alpn_protocols(["http/1.1"])
            # By default Python reads a connection that was cut as one that ended: a body without a length
            # could be shortened by anybody on the way.
            context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
            self._add_roots(context)
            self._context = context
        return self._context

    def _add_roots(self, context: ssl.SSLContext) -> None:
        if self._extra_roots is None:
            return
        try:
            context.load_verify_locations(cafile=self._extra_roots)
        except OSError as error:  # ssl.SSLError is one of them
            raise errors.RootsUnreadable(f"{self._extra_roots} holds no certificates: {error}") from None


def _plainly(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
