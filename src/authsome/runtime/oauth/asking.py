"""Ask a provider something over the network, once, within bounds: what is not a question for a token."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from authsome.connection.oauth.failure import RefreshFailure
from authsome.kit.bounded import BoundedTransport, TooLong
from authsome.kit.resolve import Resolve, by_system
from authsome.provider.host import read_host_pattern
from authsome.provider.model import Provider
from authsome.runtime.oauth.dial import CheckedNetwork, trusting

LONGEST = 64 * 1024
CONNECT_SECONDS, ALL_SECONDS = 5.0, 10.0
_ALWAYS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "authsome"}


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, whatever it says. The names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Asking:
    """Each question has a connection of its own, to an address that a secret may be sent to, follows no
    redirect and reads no more than 64 KiB.
    """

    def __init__(
        self,
        *,
        extra_roots: Path | None = None,
        all_seconds: float = ALL_SECONDS,
        resolve: Resolve = by_system,
    ) -> None:
        self._extra_roots = extra_roots
        self._all_seconds = all_seconds
        self._resolve = resolve

    async def ask(
        self,
        method: str,
        url: str,
        provider: Provider,
        *,
        headers: Mapping[str, str],
        content: str | None = None,
    ) -> Said | RefreshFailure:
        """What the provider said, or why it said nothing."""
        place = read_host_pattern(urlsplit(url).netloc)
        private_ok = provider.may_be_private(place.host, place.port)
        network = CheckedNetwork(private_ok=private_ok, resolve=self._resolve)
        transport = BoundedTransport(LONGEST, network=network, trust=self._trust)
        timeout = httpx.Timeout(self._all_seconds, connect=CONNECT_SECONDS)
        try:
            async with (
                asyncio.timeout(self._all_seconds),
                httpx.AsyncClient(transport=transport, timeout=timeout, trust_env=False) as http,
                http.stream(method, url, headers={**_ALWAYS, **headers}, content=content) as answer,
            ):
                # As it came: what is compressed could unfold to any size.
                raw = b"".join([part async for part in answer.aiter_raw()])
                return Said(answer.status_code, dict(answer.headers), raw)
        except (TimeoutError, httpx.TimeoutException):
            return RefreshFailure.TIMED_OUT
        except (httpx.HTTPError, ssl.SSLError, OSError) as error:
            return (
                RefreshFailure.MALFORMED
                if isinstance(error.__cause__, TooLong)
                else RefreshFailure.UNREACHABLE
            )

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """Made at the first use: reading the system's roots takes a while, and starting should not."""
        return trusting(self._extra_roots)
