"""Ask a stranger's server over the network, once, within bounds: for documents, and for a client there."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from authsome.kit.bounded import BoundedTransport, TooLong
from authsome.kit.resolve import Resolve, by_system
from authsome.provider.discovery.failure import DiscoveryFailure
from authsome.provider.discovery.web import Heard, Private
from authsome.provider.errors import DiscoveryFailed
from authsome.provider.host import HostPattern, read_host_pattern
from authsome.runtime.oauth.dial import AddressRefused, CheckedNetwork, allowed_addresses, trusting

LONGEST = 64 * 1024
CONNECT_SECONDS, ALL_SECONDS = 5.0, 10.0
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "authsome"}
_PROBE = _HEADERS | {"Accept": "application/json, text/event-stream"}


class HttpWeb:
    """Satisfies `provider.discovery.web.Web`.

    Each question has a connection of its own, to the address that was checked, and follows no redirect. A
    name that resolves differently at the next question is checked again then.
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

    async def look(self, url: str, private: Private) -> Heard:
        return await self._ask("GET", url, private, headers=_PROBE, with_body=False)

    async def fetch(self, url: str, private: Private) -> Heard:
        return await self._ask("GET", url, private, headers=_HEADERS)

    async def post(self, url: str, document: Mapping[str, Any], private: Private) -> Heard:
        headers = _HEADERS | {"Content-Type": "application/json"}
        return await self._ask("POST", url, private, headers=headers, content=json.dumps(document))

    async def check(self, url: str, private: Private) -> None:
        place = _place(url)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await allowed_addresses(
                    place.host, place.port, private_ok=place in private, resolve=self._resolve
                )
        except (httpcore.ConnectError, TimeoutError) as error:
            raise _failed(place, error) from None

    async def _ask(
        self,
        method: str,
        url: str,
        private: Private,
        *,
        headers: Mapping[str, str],
        content: str | None = None,
        with_body: bool = True,
    ) -> Heard:
        place = _place(url)
        network = CheckedNetwork(private_ok=place in private, resolve=self._resolve)
        transport = BoundedTransport(LONGEST, network=network, trust=self._trust)
        timeout = httpx.Timeout(self._all_seconds, connect=CONNECT_SECONDS)
        try:
            async with (
                asyncio.timeout(self._all_seconds),
                httpx.AsyncClient(transport=transport, timeout=timeout, trust_env=False) as http,
                http.stream(method, url, headers=dict(headers), content=content) as answer,
            ):
                # As it came: what is compressed could unfold to any size.
                raw = b"".join([part async for part in answer.aiter_raw()]) if with_body else b""
                return _heard(answer, raw)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:  # TimeoutError is one
            raise _failed(place, error.__cause__ or error) from None

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """Made at the first use: reading the system's roots takes a while, and starting should not."""
        return trusting(self._extra_roots)


def _heard(answer: httpx.Response, raw: bytes) -> Heard:
    is_plain = answer.headers.get("content-encoding", "identity") == "identity"
    return Heard(
        status=answer.status_code,
        content_type=answer.headers.get("content-type", "") if is_plain else "",
        challenges=tuple(answer.headers.get_list("www-authenticate")),
        body=raw,
    )


def _place(url: str) -> HostPattern:
    return read_host_pattern(urlsplit(url).netloc)


def _failed(place: HostPattern, error: BaseException) -> DiscoveryFailed:
    where = str(place)
    if isinstance(error, TooLong):
        return DiscoveryFailed(DiscoveryFailure.TOO_LONG, place=where)
    if isinstance(error, AddressRefused):
        listed = f"{place.host}:{place.port}"
        hint = f"if you mean it, list it: `--allow-private {listed}`, or on the page as a private address"
        return DiscoveryFailed(DiscoveryFailure.ADDRESS_REFUSED, hint=hint, place=where)
    return DiscoveryFailed(DiscoveryFailure.UNREACHABLE, place=where)
