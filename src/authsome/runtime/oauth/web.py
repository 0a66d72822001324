"""Ask a stranger's server over the network, once, within bounds: for documents, and for a client there."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from authsome.kit.bounded import TooLong
from authsome.provider.discovery.failure import DiscoveryFailure
from authsome.provider.discovery.web import Heard, Private
from authsome.provider.errors import DiscoveryFailed
from authsome.provider.host import HostPattern, read_host_pattern
from authsome.runtime.oauth.dial import AddressRefused
from authsome.runtime.oauth.outside import CONNECT_SECONDS, HEADERS, Outside, raw

ALL_SECONDS = 10.0
_PROBE = HEADERS | {"Accept": "application/json, text/event-stream"}


class HttpWeb:
    """Satisfies `provider.discovery.web.Web`.

    A name that resolves differently at the next question is checked again then.
    """

    def __init__(self, outside: Outside, *, all_seconds: float = ALL_SECONDS) -> None:
        self._outside = outside
        self._all_seconds = all_seconds

    async def look(self, url: str, private: Private) -> Heard:
        return await self._ask("GET", url, private, headers=_PROBE, with_body=False)

    async def fetch(self, url: str, private: Private) -> Heard:
        return await self._ask("GET", url, private, headers=HEADERS)

    async def post(self, url: str, document: Mapping[str, Any], private: Private) -> Heard:
        headers = HEADERS | {"Content-Type": "application/json"}
        return await self._ask("POST", url, private, headers=headers, content=json.dumps(document))

    async def check(self, url: str, private: Private) -> None:
        place = _place(url)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._outside.addresses(place.host, place.port, private_ok=place in private)
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
        try:
            async with self._outside.ask(
                method,
                url,
                private_ok=place in private,
                seconds=self._all_seconds,
                headers=headers,
                content=content,
            ) as answer:
                return _heard(answer, await raw(answer) if with_body else b"")
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:  # TimeoutError is one
            raise _failed(place, error.__cause__ or error) from None


def _heard(answer: httpx.Response, body: bytes) -> Heard:
    is_plain = answer.headers.get("content-encoding", "identity") == "identity"
    return Heard(
        status=answer.status_code,
        content_type=answer.headers.get("content-type", "") if is_plain else "",
        challenges=tuple(answer.headers.get_list("www-authenticate")),
        body=body,
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
