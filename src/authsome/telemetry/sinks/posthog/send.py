"""Post a batch to PostHog."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from authsome.kit.bounded import BoundedTransport
from authsome.kit.clock import Clock
from authsome.kit.secret import Secret
from authsome.telemetry.mode import is_loopback
from authsome.telemetry.sink import Outcome, Outgoing, RetryLater
from authsome.telemetry.sinks.posthog import NAME, payload
from authsome.telemetry.sinks.posthog.answer import seconds_from, understand

PATH = "/batch/"
ALTOGETHER = 15.0  # seconds for one request; httpx's own time-outs are per read, which a dripping host evades
PACKED = 3  # of nine: a seventh more bytes than the best, for a fifth of the time
LONGEST_ANSWER = 256 * 1024  # two hundred facts with a result for each event take a fifth of it


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted, before it is packed."""

    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class PostHogSink:
    """Sends to the PostHog at `host` with a project's key. Holds one connection pool until `close`.

    `within` is how many seconds one request may take from start to end.
    """

    name = NAME
    needs_consent = True

    def __init__(self, *, host: str, key: Secret, clock: Clock, within: float = ALTOGETHER) -> None:
        self.destination = host
        self._key = key
        self._clock = clock
        self._within = within
        self._client = httpx.AsyncClient(
            base_url=host,
            follow_redirects=False,
            # Sooner than `within`: what is cancelled while it connects is closed late, with the garbage.
            timeout=httpx.Timeout(within * 2 / 3, connect=within / 3),
            transport=None if _goes_by_proxy(host) else BoundedTransport(LONGEST_ANSWER),
            headers={"User-Agent": payload.LIBRARY, "Accept-Encoding": "identity"},
        )

    def objection(self, fact: Outgoing) -> str | None:
        return payload.objection(fact)

    def render(self, facts: Sequence[Outgoing]) -> bytes:
        return payload.render(facts)

    async def send(self, facts: Sequence[Outgoing]) -> Outcome:
        request = self._request(facts)
        try:
            async with asyncio.timeout(self._within):
                status, text, wait = await self._post(request)
        except (TimeoutError, httpx.TimeoutException):
            return RetryLater("time-out")
        except (httpx.HTTPError, OSError) as error:
            return RetryLater(f"network: {type(error).__name__}")
        return self._understand(facts, status, text, retry_after=wait)

    async def close(self) -> None:
        await self._client.aclose()

    def _request(self, facts: Sequence[Outgoing]) -> Request:
        return Request(PATH, payload.body(self._key.reveal().strip(), facts))

    def _understand(
        self, facts: Sequence[Outgoing], status: int, text: str, *, retry_after: float | None
    ) -> Outcome:
        return understand(status, text, retry_after=retry_after)

    async def _post(self, request: Request) -> tuple[int, str, float | None]:
        """The answer's status, its first part, and how many seconds it asks to wait."""
        packed = gzip.compress(request.body, PACKED, mtime=0)
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip", **request.headers}
        async with self._client.stream("POST", request.path, content=packed, headers=headers) as response:
            wait = seconds_from(response.headers.get("Retry-After"), now=self._clock.now())
            return response.status_code, await _start_of(response), wait


def _goes_by_proxy(host: str) -> bool:
    """Whether the environment names a proxy for the host. A proxy is for what is not here."""
    parts = urlsplit(host)
    name = parts.hostname or ""
    return not is_loopback(name) and parts.scheme in getproxies() and not proxy_bypass(name)


async def _start_of(response: httpx.Response) -> str:
    """The first bytes of the answer: a host is not trusted to end it."""
    start = bytearray()
    async for chunk in response.aiter_raw():
        start += chunk
        if len(start) >= LONGEST_ANSWER:
            break
    return bytes(start[:LONGEST_ANSWER]).decode("utf-8", "replace")
