"""Ask PostHog's private API. Never raises for anything the network or the host does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from authsome.kit.clock import Clock
from authsome.telemetry.mode import is_loopback
from authsome.telemetry.sinks.posthog import payload
from authsome.telemetry.sinks.posthog.answer import seconds_from
from authsome.telemetry.sinks.posthog.private.access import Access
from authsome.telemetry.sinks.posthog.private.allowance import CALLS, INSIGHTS, QUERIES, Allowance
from authsome.telemetry.sinks.posthog.private.answer import Answer, Refused, TryLater, understand

ALTOGETHER = 65.0  # seconds for one call; PostHog itself ends a query after sixty
TIMEOUT = httpx.Timeout(ALTOGETHER, connect=5.0)
LONGEST_ANSWER = 32 * 1024 * 1024  # a page of fifty thousand ids takes a tenth of it
QUERY, INSIGHT = "query", "insights"


class PrivateApi:
    """One project of the PostHog at `access.host`. Holds one connection pool until `close`.

    `within` is how many seconds one call may take from start to end. A path is relative to the project
    and needs no slashes around it: `persons/bulk_delete`; the empty one is the project itself.
    """

    def __init__(self, access: Access, *, clock: Clock, within: float = ALTOGETHER) -> None:
        self.destination = access.host
        self._clock = clock
        self._within = within
        self._calls = Allowance(CALLS)
        self._apart = {QUERY: Allowance(QUERIES), INSIGHT: Allowance(INSIGHTS)}
        self._client = httpx.AsyncClient(
            base_url=f"{access.host}/api/projects/{access.project_id}/",
            follow_redirects=False,
            timeout=TIMEOUT,
            trust_env=not is_loopback(urlsplit(access.host).hostname or ""),
            headers={
                "Authorization": f"Bearer {access.key.reveal()}",
                "User-Agent": payload.LIBRARY,
                "Accept": "application/json",
                "Accept-Encoding": "identity",
            },
        )

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        return await self._ask("GET", path, params=dict(query or {}))

    async def post(self, path: str, document: Mapping[str, Any]) -> Answer:
        return await self._ask("POST", path, document=document)

    async def patch(self, path: str, document: Mapping[str, Any]) -> Answer:
        return await self._ask("PATCH", path, document=document)

    async def close(self) -> None:
        await self._client.aclose()

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        document: Mapping[str, Any] | None = None,
    ) -> Answer:
        allowance = self._apart.get(path.strip("/").partition("/")[0], self._calls)
        wait = allowance.take(self._clock.now())
        if wait is not None:
            return TryLater("PostHog's own limit of calls is used up", wait, untouched=True)
        request = self._client.build_request(
            method,
            f"{path.strip('/')}/".lstrip("/"),  # a proxy that redirects to the slash would lose the body
            params=params or None,
            content=json.dumps(document).encode() if document is not None else None,
            headers={"Content-Type": "application/json"} if document is not None else None,
        )
        try:
            async with asyncio.timeout(self._within):
                return await self._answer(request)
        except (TimeoutError, httpx.TimeoutException):
            return TryLater("time-out")
        except (httpx.HTTPError, OSError) as error:
            return TryLater(f"network: {type(error).__name__}")

    async def _answer(self, request: httpx.Request) -> Answer:
        response = await self._client.send(request, stream=True)
        try:
            wait = seconds_from(response.headers.get("Retry-After"), now=self._clock.now())
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > LONGEST_ANSWER:
                    return Refused(response.status_code, "the answer is too large; ask for less at once")
        finally:
            await response.aclose()
        return understand(response.status_code, body.decode("utf-8", "replace"), retry_after=wait)
