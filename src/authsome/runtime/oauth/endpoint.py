"""Ask a provider's token address over the network, once, within bounds."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from authsome.connection.oauth.endpoint import ByClient, Granted, NotGranted, TokenRequest, Withheld
from authsome.connection.oauth.failure import RefreshFailure
from authsome.kit.bounded import BoundedTransport, TooLong
from authsome.kit.clock import Clock
from authsome.kit.resolve import Resolve, by_system
from authsome.provider.oauth import OAuth
from authsome.runtime.oauth.answer import read_answer
from authsome.runtime.oauth.dial import CheckedNetwork, trusting
from authsome.runtime.oauth.write import body_of, headers_of

LONGEST = 64 * 1024
CONNECT_SECONDS, ALL_SECONDS = 5.0, 20.0
_ABOUT_TO_SEND = "http11.send_request_headers.started"


class _NotSent(Exception):
    """The turn was lost while the connection was made."""


class HttpTokenEndpoint:
    """Satisfies `connection.oauth.endpoint.TokenEndpoint`.

    Each question has a connection of its own: they are rare, and a pool would let a provider that does not
    answer take the places of those that do.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        extra_roots: Path | None = None,
        all_seconds: float = ALL_SECONDS,
        resolve: Resolve = by_system,
    ) -> None:
        self._clock = clock
        self._extra_roots = extra_roots
        self._all_seconds = all_seconds
        self._resolve = resolve

    async def ask(
        self, request: TokenRequest, *, before_sending: Callable[[], Awaitable[bool]]
    ) -> Granted | NotGranted | Withheld:
        oauth, sent = request.provider.oauth, False
        if oauth is None:
            return NotGranted(RefreshFailure.CLIENT_MISSING)

        async def trace(step: str, _about: dict[str, Any]) -> None:
            nonlocal sent
            if step == _ABOUT_TO_SEND:
                if not await before_sending():
                    raise _NotSent
                sent = True

        # Counted from before the question: then the token seems to end a little early, and never late.
        began = self._clock.now()
        try:
            async with asyncio.timeout(self._all_seconds):
                status, headers, body = await self._post(request, oauth, trace)
        except _NotSent:
            return Withheld()
        except (TimeoutError, httpx.TimeoutException):
            return NotGranted(RefreshFailure.TIMED_OUT if sent else RefreshFailure.UNREACHABLE)
        except (httpx.HTTPError, ssl.SSLError, OSError) as error:
            if isinstance(error.__cause__, TooLong):
                return NotGranted(RefreshFailure.MALFORMED)
            return NotGranted(RefreshFailure.PROVIDER_FAILED if sent else RefreshFailure.UNREACHABLE)
        answer = read_answer(status, headers, body, began=began)
        if isinstance(answer, Granted) and isinstance(request.grant, ByClient):
            # RFC 6749 §4.4.3 has no refresh token here; one that comes nevertheless has nothing to say.
            return replace(answer, tokens=replace(answer.tokens, refresh=None))
        return answer

    async def _post(
        self, request: TokenRequest, oauth: OAuth, trace: Callable[[str, dict[str, Any]], Awaitable[None]]
    ) -> tuple[int, httpx.Headers, bytes]:
        place = oauth.token_place
        private_ok = request.provider.may_be_private(place.host, place.port)
        network = CheckedNetwork(private_ok=private_ok, resolve=self._resolve)
        transport = BoundedTransport(LONGEST, network=network, trust=self._trust)
        timeout = httpx.Timeout(self._all_seconds, connect=CONNECT_SECONDS)
        async with (
            httpx.AsyncClient(transport=transport, timeout=timeout, trust_env=False) as http,
            http.stream(
                "POST",
                oauth.token_url,
                content=body_of(request, oauth),
                headers=headers_of(request.client, oauth),
                extensions={"trace": trace},
            ) as answer,
        ):
            # As it came: what is compressed could unfold to any size.
            raw = b"".join([part async for part in answer.aiter_raw()])
            return answer.status_code, answer.headers, raw

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """Made at the first use: reading the system's roots takes a while, and starting should not."""
        return trusting(self._extra_roots)
