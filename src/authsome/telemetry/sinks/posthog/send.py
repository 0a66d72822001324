"""Post a batch to PostHog and say what the answer means.

The answer table, from PostHog's capture service:

    200 with JSON     taken, as far as it can be known: a wrong key and an exceeded quota answer the same
    400               the whole batch is refused because of at least one event
    413               too large
    401 402 403       key, bill or project: only an operator can change it
    408 429 5xx       later, not before `Retry-After`; so are all failures of the network
    all else          this is not PostHog, or not its capture address. A redirect is not followed: it would
                      hand key and facts to whoever it names
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from authsome.kit.clock import Clock
from authsome.kit.secret import Secret
from authsome.telemetry.mode import is_loopback
from authsome.telemetry.sink import Outcome, Outgoing, PauseLane, Rejected, RetryLater, Taken, TooLarge
from authsome.telemetry.sinks.posthog import NAME, payload

PATH = "/batch/"
ALTOGETHER = 15.0  # seconds for one request; httpx's own time-outs are per read, which a dripping host evades
TIMEOUT = httpx.Timeout(10.0, connect=5.0)
LONGEST_ANSWER = 64 * 1024
LONGEST_REASON = 200
LONGEST_WAIT = 3600.0
PAUSES = frozenset({401, 402, 403})
RETRIES = frozenset({408, 429})


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
            timeout=TIMEOUT,
            trust_env=not is_loopback(urlsplit(host).hostname or ""),  # a proxy is for what is not here
            headers={"User-Agent": payload.LIBRARY, "Accept-Encoding": "identity"},
        )

    def objection(self, fact: Outgoing) -> str | None:
        return payload.objection(fact)

    def render(self, facts: Sequence[Outgoing]) -> bytes:
        return payload.render(facts)

    async def send(self, facts: Sequence[Outgoing]) -> Outcome:
        packed = gzip.compress(payload.body(self._key.reveal().strip(), facts), mtime=0)
        try:
            async with asyncio.timeout(self._within):
                return await self._post(packed)
        except (TimeoutError, httpx.TimeoutException):
            return RetryLater("time-out")
        except (httpx.HTTPError, OSError) as error:
            return RetryLater(f"network: {type(error).__name__}")

    async def close(self) -> None:
        await self._client.aclose()

    async def _post(self, packed: bytes) -> Outcome:
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        async with self._client.stream("POST", PATH, content=packed, headers=headers) as response:
            return understand(
                response.status_code,
                await _start_of(response),
                retry_after=seconds_from(response.headers.get("Retry-After"), now=self._clock.now()),
            )


def understand(status: int, text: str, *, retry_after: float | None = None) -> Outcome:
    """What PostHog's answer means for the batch."""
    if 200 <= status < 300:
        if text.lstrip().startswith("{"):
            return Taken()
        return PauseLane("the answer is not PostHog's: is AUTHSOME_POSTHOG_HOST right?")
    reason = f"{status} {_printable(text)}".strip()
    if status == 400:
        return Rejected(reason)
    if status == 413:
        return TooLarge()
    if status in RETRIES or status >= 500:
        return RetryLater(reason, retry_after)
    if status in PAUSES:
        return PauseLane(reason)
    if 300 <= status < 400:
        return PauseLane(
            f"{status}: redirects are not followed; set AUTHSOME_POSTHOG_HOST to the final address"
        )
    return PauseLane(f"{status}: is AUTHSOME_POSTHOG_HOST an ingestion address?")


def seconds_from(retry_after: str | None, *, now: datetime) -> float | None:
    """The header as seconds from `now`: a number or a date (RFC 9110 §10.2.3). At most an hour."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return min(float(text[:9]), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
        wait = (moment - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, 0.0), LONGEST_WAIT)


async def _start_of(response: httpx.Response) -> str:
    """The first bytes of the answer: a host is not trusted to end it."""
    start = bytearray()
    async for chunk in response.aiter_raw():
        start += chunk
        if len(start) >= LONGEST_ANSWER:
            break
    return bytes(start[:LONGEST_ANSWER]).decode("utf-8", "replace")


def _printable(text: str) -> str:
    """One line, fit for a log: what a host says is not trusted either."""
    return "".join(c if c.isprintable() else " " for c in text[:LONGEST_REASON]).strip()
