"""The way out to providers' servers: to addresses that were checked, and within bounds, whatever is asked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import httpx

from authsome.kit.bounded import BoundedTransport
from authsome.kit.resolve import Resolve, by_system
from authsome.runtime.oauth.dial import CheckedNetwork, allowed_addresses, trusting

LONGEST = 64 * 1024
CONNECT_SECONDS = 5.0
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "authsome"}


class Outside:
    """Each question has a connection of its own (they are rare, and a pool would let a provider that does not
    answer take the places of those that do), follows no redirect and reads no more than 64 KiB.

    A runtime has one. `resolve` says what a name means.
    """

    def __init__(self, *, extra_roots: Path | None = None, resolve: Resolve = by_system) -> None:
        self._extra_roots = extra_roots
        self.addresses = partial(allowed_addresses, resolve=resolve)
        self._network = partial(CheckedNetwork, resolve=resolve)

    @cached_property
    def trust(self) -> ssl.SSLContext:
        """Made once, at the first use: reading the system's roots takes a while, and starting should not."""
        return trusting(self._extra_roots)

    @asynccontextmanager
    async def ask(
        self,
        method: str,
        url: str,
        *,
        private_ok: bool,
        seconds: float,
        headers: Mapping[str, str],
        content: str | None = None,
        extensions: Mapping[str, Any] | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """The answer, of which the head was read. Raises `httpx.HTTPError`, `ssl.SSLError` or `OSError`, of
        which `TimeoutError` is one: then the block ends too.
        """
        network = self._network(private_ok=private_ok)
        transport = BoundedTransport(LONGEST, network=network, trust=self.trust)
        timeout = httpx.Timeout(seconds, connect=CONNECT_SECONDS)
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(transport=transport, timeout=timeout, trust_env=False) as http,
            http.stream(
                method, url, headers=dict(headers), content=content, extensions=dict(extensions or {})
            ) as answer,
        ):
            yield answer


async def raw(answer: httpx.Response) -> bytes:
    """The body as it came: what is compressed could unfold to any size."""
    return b"".join([part async for part in answer.aiter_raw()])
