"""Ask a provider something over the network, once, within bounds: what is not a question for a token."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from authsome.connection.oauth.failure import RefreshFailure
from authsome.kit.bounded import TooLong
from authsome.provider.host import read_host_pattern
from authsome.provider.model import Provider
from authsome.runtime.oauth.outside import HEADERS, Outside, raw

ALL_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, whatever it says. The names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Asking:
    """Asks at the provider's own addresses, for at most so many seconds."""

    def __init__(self, outside: Outside, *, all_seconds: float = ALL_SECONDS) -> None:
        self._outside = outside
        self._all_seconds = all_seconds

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
        try:
            async with self._outside.ask(
                method,
                url,
                private_ok=provider.may_be_private(place.host, place.port),
                seconds=self._all_seconds,
                headers={**HEADERS, **headers},
                content=content,
            ) as answer:
                return Said(answer.status_code, dict(answer.headers), await raw(answer))
        except (TimeoutError, httpx.TimeoutException):
            return RefreshFailure.TIMED_OUT
        except (httpx.HTTPError, ssl.SSLError, OSError) as error:
            return (
                RefreshFailure.MALFORMED
                if isinstance(error.__cause__, TooLong)
                else RefreshFailure.UNREACHABLE
            )
