"""Reads no more of an answer than one can be long, and never so much at once that requests wait meanwhile.

The HTTP library reads heads and interim answers (100 Continue) for as long as they come, 64 KiB at a time and
without a pause for anybody else: a host that floods would stop this whole process. Its pool takes a network
of one's own, but only from who builds the pool; httpx has no public way to hand one in.
"""

from __future__ import annotations

import ssl
from typing import Any

import httpcore
import httpx

AT_ONCE = 4 * 1024
LONGEST_HEAD = 64 * 1024


class TooLong(httpcore.ReadError):
    """The cause of the `httpx.ReadError` that is raised."""


class BoundedTransport(httpx.AsyncHTTPTransport):
    """Refuses, with `httpx.ReadError`, an answer of more than `longest` bytes and a head.

    `network` and `trust` are for those who choose whom they talk to, and whose certificates they take.
    """

    def __init__(
        self,
        longest: int,
        *,
        network: httpcore.AsyncNetworkBackend | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(verify=trust or True)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trust or httpx.create_ssl_context(),
            network_backend=_Network(longest + LONGEST_HEAD, network or httpcore.AnyIOBackend()),
        )


class _Network(httpcore.AsyncNetworkBackend):
    def __init__(self, most: int, real: httpcore.AsyncNetworkBackend) -> None:
        self._most = most
        self._real = real

    async def connect_tcp(self, host: str, port: int, *where: Any, **how: Any) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._real.connect_tcp(host, port, *where, **how), self._most)

    async def sleep(self, seconds: float) -> None:
        await self._real.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """What is written begins a new request, and so a new answer."""

    def __init__(self, real: httpcore.AsyncNetworkStream, most: int) -> None:
        self._real = real
        self._most = most
        self._read = 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        part = await self._real.read(min(max_bytes, AT_ONCE), timeout)
        self._read += len(part)
        if self._read > self._most:
            raise TooLong(f"the answer is longer than {self._most} bytes")
        return part

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._read = 0
        await self._real.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._real.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._real.start_tls(ssl_context, server_hostname, timeout), self._most)

    def get_extra_info(self, info: str) -> Any:
        return self._real.get_extra_info(info)
